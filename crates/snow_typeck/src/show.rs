//! Types as the user reads them: `List<Int>`, `Fun(Int) -> Int`, `(A, B)`; unknown types as `a`, `b`.
//!
//! A type of another module whose plain name is also a visible one of the root is shown with its module.

use snow_base::{FxHashMap, Name};
use snow_hir::{BuiltinTy, Program};

use crate::ty::{Ty, TyCon, TyKind};

/// Writes types; names of variables stay the same within one message.
pub(crate) struct Shower<'a> {
    program: &'a Program,
    /// Names of rigid variables and parameters.
    names: &'a FxHashMap<u32, Name>,
    /// Names of parameters by number.
    params: &'a [Name],
    letters: Vec<u32>,
}

impl<'a> Shower<'a> {
    /// `names`: what rigid variables are called; `params`: what parameters are called.
    pub(crate) fn new(program: &'a Program, names: &'a FxHashMap<u32, Name>, params: &'a [Name]) -> Self {
        Shower { program, names, params, letters: vec![] }
    }

    /// The text of a type whose bound variables were replaced.
    pub(crate) fn show(&mut self, ty: Ty) -> String {
        match ty.kind() {
            TyKind::Error => "_".to_owned(),
            TyKind::Param(index) => match self.params.get(*index as usize) {
                Some(name) => name.to_string(),
                None => self.letter(u32::MAX - index),
            },
            TyKind::Var(v) => match self.names.get(v) {
                Some(name) => name.to_string(),
                None => self.letter(*v),
            },
            TyKind::App(con, args) => self.app(*con, args),
        }
    }

    fn letter(&mut self, var: u32) -> String {
        let index = self.letters.iter().position(|&v| v == var).unwrap_or_else(|| {
            self.letters.push(var);
            self.letters.len() - 1
        });
        let letter = (b'a' + (index % 26) as u8) as char;
        if index < 26 { letter.to_string() } else { format!("{letter}{}", index / 26) }
    }

    fn app(&mut self, con: TyCon, args: &[Ty]) -> String {
        match con {
            TyCon::Tuple => format!("({})", self.list(args)),
            TyCon::Fn => match args.split_last() {
                Some((&ret, params)) => format!("Fun({}) -> {}", self.list(params), self.show(ret)),
                None => "Fun".to_owned(),
            },
            TyCon::Builtin(builtin) => self.with_args(builtin_name(builtin).to_owned(), args),
            TyCon::Adt(id) => {
                let def = &self.program.types[id];
                let twin = self.program.types.iter().any(|(other, d)| other != id && d.name == def.name);
                let name = match twin {
                    true => format!("{}.{}", self.program.modules[def.module].path, def.name),
                    false => def.name.to_string(),
                };
                self.with_args(name, args)
            }
        }
    }

    fn with_args(&mut self, name: String, args: &[Ty]) -> String {
        if args.is_empty() { name } else { format!("{name}<{}>", self.list(args)) }
    }

    fn list(&mut self, args: &[Ty]) -> String {
        args.iter().map(|&a| self.show(a)).collect::<Vec<_>>().join(", ")
    }
}

/// The name of a builtin type.
pub(crate) fn builtin_name(ty: BuiltinTy) -> &'static str {
    match ty {
        BuiltinTy::Int => "Int",
        BuiltinTy::Float => "Float",
        BuiltinTy::Bool => "Bool",
        BuiltinTy::String => "String",
        BuiltinTy::Bytes => "Bytes",
        BuiltinTy::Atom => "Atom",
        BuiltinTy::List => "List",
        BuiltinTy::Pid | BuiltinTy::AnyPid => "Pid",
        BuiltinTy::Never => "Never",
        BuiltinTy::Raw => "raw value",
    }
}
