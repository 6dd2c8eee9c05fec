//! The types of a program, with their impls and the functions that go over them.

use std::fmt::Write;

use super::ty::{self, Can, Def, Ty, Variant, list, map_of, opt};
use super::{Function, Generator, Param, Place};

impl Generator {
    /// Writes four to six types with what belongs to them.
    pub(super) fn write_world(&mut self) {
        for _ in 0..3 + self.random.below(3) {
            let is_struct = self.chance(2);
            self.define(is_struct);
            let def = self.defs.len() - 1;
            self.write_def(def);
            self.write_weight(def);
            if !self.defs[def].is_struct {
                self.write_rebuild(def);
            }
        }
    }

    /// Chooses the types that values mostly have.
    pub(super) fn fill_pool(&mut self) {
        self.pool = vec![Ty::Int, Ty::Text, Ty::Bool, list(Ty::Int)];
        for def in 0..self.defs.len() {
            let arg = self.defs[def]
                .is_generic
                .then(|| Box::new([Ty::Int, Ty::Text][self.random.below(2)].clone()));
            self.pool.push(Ty::Named(def, arg));
        }
        for _ in 0..6 {
            let depth = 1 + self.random.below(2);
            let ty = ty::any(&self.defs, depth, true, &mut self.random);
            self.pool.push(ty);
        }
        let (key, value, of) = (self.key(), self.any(), self.any());
        self.pool.extend([map_of(key.clone(), value), Ty::Set(Box::new(key)), list(of.clone()), opt(of)]);
    }

    fn define(&mut self, is_struct: bool) {
        let index = self.defs.len();
        let is_generic = self.chance(3);
        let name = format!("{}{index}", if is_struct { "Rec" } else { "Sum" });
        let count = if is_struct { 1 } else { 1 + self.random.below(4) };
        let mut variants = Vec::new();
        for at in 0..count {
            let parts = if is_struct || at > 0 { 1 + self.random.below(4) } else { self.random.below(2) };
            let own = (!is_struct && at > 0)
                .then(|| Ty::Named(index, is_generic.then(|| Box::new(Ty::Var(0, false)))));
            let named = is_struct || self.chance(3);
            let parts = (0..parts).map(|part| {
                let ty = self.part(own.as_ref(), is_generic);
                (named.then(|| format!("k{part}")), ty)
            });
            let parts = parts.collect();
            let name = if is_struct { name.clone() } else { format!("V{index}x{at}") };
            variants.push(Variant { name, parts });
        }
        // Its own occurrences change nothing about what it can do, and so don't its variables: arguments decide those.
        let can = |part: &Ty, defs: &[Def]| match part {
            Ty::Var(..) => Can::ALL,
            part => part.replaced(&[Some(Ty::Int)]).can(defs),
        };
        self.defs.push(Def { name, is_struct, is_generic, variants: Vec::new(), can: Can::ALL });
        let tys = variants.iter().flat_map(|variant| &variant.parts);
        let all = tys.fold(Can::ALL, |all, (_, part)| all.and(can(part, &self.defs)));
        self.defs[index].can = all;
        self.defs[index].variants = variants;
    }

    fn part(&mut self, own: Option<&Ty>, is_generic: bool) -> Ty {
        let which = self.random.below(8);
        match (which, own) {
            (0..=2, Some(own)) => own.clone(),
            (3, Some(own)) => list(own.clone()),
            (4, Some(own)) => opt(own.clone()),
            (5..=6, _) if is_generic => Ty::Var(0, false),
            (7, _) if is_generic => list(Ty::Var(0, false)),
            _ => {
                let funs = self.chance(6);
                ty::any(&self.defs, 1, funs, &mut self.random)
            }
        }
    }

    fn write_def(&mut self, def: usize) {
        let def = self.defs[def].clone();
        let generics = if def.is_generic { "<A>" } else { "" };
        let mut text = String::new();
        let part = |(name, ty): &(Option<String>, Ty), defs: &[Def]| match name {
            Some(name) => format!("{name} :: {}", ty.written(defs)),
            None => ty.written(defs),
        };
        let _ = writeln!(text, "{} {}{generics} do", if def.is_struct { "struct" } else { "type" }, def.name);
        for variant in &def.variants {
            let parts: Vec<String> = variant.parts.iter().map(|p| part(p, &self.defs)).collect();
            if def.is_struct {
                let _ = writeln!(text, "  {}", parts.join("\n  "));
            } else if parts.is_empty() {
                let _ = writeln!(text, "  {}", variant.name);
            } else {
                let _ = writeln!(text, "  {}({})", variant.name, parts.join(", "));
            }
        }
        text.push_str("end");
        if def.can == Can::ALL && self.chance(3) {
            text.push_str(" deriving(Eq, Ord, Hash, Display, Debug)");
        }
        let _ = writeln!(self.items, "{text}\n");
    }

    /// The pattern of a variant with a name for each part.
    fn bound(&self, def: usize, variant: &Variant) -> (String, Vec<(String, Ty)>) {
        let names: Vec<(String, Ty)> =
            variant.parts.iter().enumerate().map(|(at, (_, ty))| (format!("q{at}"), ty.clone())).collect();
        let parts: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        let pattern = if self.defs[def].is_struct {
            let fields: Vec<String> = (variant.parts.iter().zip(&parts))
                .map(|((field, _), name)| format!("{}: {name}", field.as_deref().unwrap_or("k")))
                .collect();
            format!("{} {{ {} }}", variant.name, fields.join(", "))
        } else if parts.is_empty() {
            variant.name.clone()
        } else {
            format!("{}({})", variant.name, parts.join(", "))
        };
        (pattern, names)
    }

    /// `impl Weigh`, with the parts that have a weight.
    fn write_weight(&mut self, def: usize) {
        let this = self.defs[def].clone();
        let mut text = format!("impl Weigh for {}", this.name);
        text.push_str(if this.is_generic { "<A> where A: Weigh do\n" } else { " do\n" });
        text.push_str("  fn weight(self) -> Int do\n    case self do\n");
        for (at, variant) in this.variants.iter().enumerate() {
            let (pattern, names) = self.bound(def, variant);
            let _ = write!(text, "      {pattern} -> ({}", at + 1);
            for (name, ty) in names {
                if ty.replaced(&[Some(Ty::Int)]).weighs() {
                    let _ = write!(text, " + {name}.weight()");
                }
            }
            text.push_str(") % 10007\n");
        }
        text.push_str("    end\n  end\n");
        if self.chance(3) && !this.is_generic {
            text.push_str("  fn heavier(self, other) = if self.weight() > 3 do other else self end\n");
        }
        let _ = writeln!(self.items, "{text}end\n");
    }

    /// A function that takes values of a sum type apart and builds them anew, with other parts.
    fn write_rebuild(&mut self, def: usize) {
        let this = self.defs[def].clone();
        let arg = this.is_generic.then(|| self.shown());
        let own = Ty::Named(def, arg.clone().map(Box::new));
        let name = format!("rebuild{def}");
        let written = self.written(&own);
        let mut text = String::new();
        for (at, variant) in this.variants.iter().enumerate() {
            self.begin(Place { result: Some(own.clone()), nested: 1, ..Place::default() }, 14);
            let (pattern, names) = self.bound(def, variant);
            let tys = names.into_iter().map(|(name, ty)| (name, ty.replaced(std::slice::from_ref(&arg))));
            self.scope = tys.collect();
            let parts: Vec<String> = self
                .scope
                .clone()
                .iter()
                .map(
                    |(part, ty)| {
                        if *ty == own { format!("{name}({part}, n + {at})") } else { self.expr(ty, 2) }
                    },
                )
                .collect();
            let target = if self.chance(4) { &this.variants[0] } else { variant };
            let body =
                if target.parts.len() == parts.len() && target.name == variant.name && !parts.is_empty() {
                    format!("{}({})", variant.name, parts.join(", "))
                } else {
                    self.leaf(&own)
                };
            let first = if at == 0 {
                (format!(" :: {written}"), " :: Int", format!(" -> {written}"))
            } else {
                Default::default()
            };
            let number = if body.contains("n + ") { "n" } else { "_n" };
            let _ = writeln!(
                text,
                "pub fn {name}({pattern}{}, {number}{}){} = {body}",
                first.0, first.1, first.2
            );
        }
        let _ = writeln!(self.items, "{text}");
        let param =
            |name: &str, ty: Ty, counts| Param { name: name.to_owned(), ty, counts, has_default: false };
        self.functions.push(Function {
            name,
            params: vec![param("q", own.clone(), false), param("n", Ty::Int, true)],
            result: own,
            loud: false,
            level: self.level + 1,
            is_value: true,
        });
    }
}
