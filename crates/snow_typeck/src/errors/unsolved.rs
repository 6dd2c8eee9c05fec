//! Interfaces that types lack, and types that nothing fixes.

use snow_abi::LangItem;
use snow_base::{Name, Span};
use snow_diagnostics::{Diagnostic, Label};
use snow_hir::{BinaryOp, BodyId, BuiltinTy, Expr, TypeId};

use super::a;
use crate::checker::Checker;
use crate::solve::{DEPTH, Failure, Need, Obligation, What};
use crate::ty::{Ty, TyCon, TyKind};

/// A type that lacks what is needed of it, as it was reported.
#[derive(Debug)]
pub(crate) struct Refused {
    body: BodyId,
    span: Span,
    is_op: bool,
    ty: String,
}

/// The conditions that a declared type parameter lacks, as they were reported in one error.
#[derive(Debug)]
pub(crate) struct Lacking {
    body: BodyId,
    /// The place of the error.
    span: Span,
    param: Name,
    wanted: Vec<String>,
}

impl Lacking {
    fn help(&self) -> String {
        format!("add `where {}: {}` to the function or impl", self.param, self.wanted.join(" + "))
    }
}

/// How many further places that need a condition are shown.
const MORE_PLACES: usize = 3;

impl Checker<'_> {
    /// Reports a predicate that doesn't hold.
    pub(crate) fn report_unsolved(&mut self, obligation: &Obligation, failure: &Failure) {
        self.memo.bad_bodies.insert(obligation.need.body);
        let need = obligation.need;
        if self.joins_lacking(need, failure) || !self.memo.unsolved.insert(need.span) {
            return;
        }
        if self.was_refused_derivation(failure) || self.has_refused_conditions(need.body) {
            return;
        }
        if failure.endless {
            // Where the proof has come to a smaller type than it began with, nothing grows.
            let grows = failure.pred.args[0].size() > self.zonk_pred(&obligation.pred).args[0].size();
            let error = match grows {
                true => Diagnostic::error("E0510", "the types that this needs grow without end", need.span),
                false => {
                    let message = format!("the type of this is nested more than {DEPTH} levels deep");
                    Diagnostic::error("E0510", message, need.span)
                        .with_help("a type that nests in itself is written `struct` or `type`, with a list or an `Option` of itself in it")
                }
            };
            self.diags.push(error);
            return;
        }
        let root = self.zonk_pred(&obligation.pred);
        let texts = self.show_all(&root.args);
        let name = self.program.traits[root.trait_].name;
        let (ty, args) = (&texts[0], &texts[1..]);
        let wanted = with_args(name, args);
        let message = match need.what {
            What::Interp => format!("`{ty}` can't be put into a string: it has no `Display`"),
            What::Op(BinaryOp::Concat) => format!("`<>` and `++` don't work on `{ty}`: it has no `{wanted}`"),
            What::Op(op) => format!("`{}` doesn't work on `{ty}`: it has no `{wanted}`", op_text(op)),
            What::Neg => format!("`-` doesn't work on `{ty}`: it has no `{wanted}`"),
            What::MapKey => format!("`{ty}` can't be the key of a map: it has no `{wanted}`"),
            What::Call(f) => format!("`{f}` needs `{wanted}`, which `{ty}` doesn't implement"),
            What::For => format!("`for` can't go through `{ty}`: it has no `Iterable`"),
            What::Try => format!("`?` can't turn `{}` into `{ty}`: there is no `{wanted}`", args.join(", ")),
        };
        if self.follows_from_operator(need, &ty.clone()) {
            return;
        }
        let mut error = Diagnostic::error("E0501", message, need.span);
        if let Some(note) = self.reason(failure, root.args[0]) {
            error = error.with_note(note);
        }
        error = match self.lacking_type(failure) {
            Some(id) => error.with_remedy(self.how_to_implement(failure, id)),
            None => match self.remedy(failure, need.what) {
                Some(help) => error.with_help(help),
                None => error,
            },
        };
        if matches!(need.what, What::Op(_)) {
            // Operands can't agree on a type that doesn't have the operator.
            let whole = need.span;
            let inside = |s: Span| s.file == whole.file && whole.text_range().contains_range(s.text_range());
            self.diags.retain(|d| d.code != "E0301" || !inside(d.span()));
        }
        if let What::Call(_) = need.what {
            // Neither is what a call gives of a type that it doesn't work on.
            let end = format!("found `{ty}`");
            let around = |s: Span| {
                s.file == need.span.file
                    && s != need.span
                    && s.text_range().contains_range(need.span.text_range())
            };
            self.diags.retain(|d| d.code != "E0301" || !d.message.ends_with(&end) || !around(d.span()));
        }
        self.diags.push(error);
    }

    /// Did a condition around this body say something that isn't known? Then nothing can be said to be missing.
    pub(crate) fn has_refused_conditions(&self, body: BodyId) -> bool {
        let snow_hir::BodyOwner::Fn(id) = self.program.bodies[body].owner else { return false };
        let def = &self.program.fns[id];
        let around = match def.container {
            snow_hir::Container::Impl(id) => self.program.impls[id].generics.is_refused,
            _ => false,
        };
        around || def.generics.is_refused
    }

    /// Is it about a type parameter of which an error in the same body says already that it lacks a condition? Then that
    /// error asks for this one too.
    fn joins_lacking(&mut self, need: Need, failure: &Failure) -> bool {
        let TyKind::Var(v) = failure.pred.args[0].kind() else { return false };
        let Some(&param) = self.names.get(v) else { return false };
        let texts = self.show_all(&failure.pred.args);
        let wanted = with_args(self.program.traits[failure.pred.trait_].name, &texts[1..]);
        let known = self.memo.lacking.iter_mut().find(|l| l.body == need.body && l.param == param);
        let Some(known) = known else {
            self.memo.lacking.push(Lacking { body: need.body, span: need.span, param, wanted: vec![wanted] });
            return false;
        };
        let before = known.help();
        let mut errors = self.diags.iter_mut().filter(|d| d.code == "E0501" && d.span() == known.span);
        let error = errors.find(|d| d.help.contains(&before));
        let Some(error) = error else {
            // It was taken back.
            *known = Lacking { body: need.body, span: need.span, param, wanted: vec![wanted] };
            return false;
        };
        let before = known.help();
        if error.labels.len() <= MORE_PLACES && error.labels.iter().all(|label| label.span != need.span) {
            error.labels.push(Label {
                span: need.span,
                text: format!("this needs `{wanted}`"),
                primary: false,
            });
        }
        if !known.wanted.contains(&wanted) {
            known.wanted.push(wanted);
        }
        error.help.iter_mut().filter(|help| **help == before).for_each(|help| *help = known.help());
        true
    }

    /// Has an operator there been refused?
    pub(crate) fn is_refused(&self, span: Span) -> bool {
        self.memo.refused.iter().any(|r| r.is_op && r.span == span)
    }

    /// Is it needed of what an operator gives that was refused for the same type? What was said of such a value before
    /// the operator is taken back.
    fn follows_from_operator(&mut self, need: Need, ty: &str) -> bool {
        let is_op = matches!(need.what, What::Op(_) | What::Neg);
        let refused = std::mem::take(&mut self.memo.refused);
        let same = refused.iter().filter(|r| r.is_op != is_op && r.body == need.body && r.ty == ty);
        let mut follows = false;
        for other in same {
            if is_op && self.is_argument(need.body, other.span, need.span) {
                self.diags.retain(|d| d.code != "E0501" || d.span() != other.span);
            }
            follows |= !is_op && self.is_argument(need.body, need.span, other.span);
        }
        self.memo.refused = refused;
        self.memo.refused.push(Refused { body: need.body, span: need.span, is_op, ty: ty.to_owned() });
        follows
    }

    /// Does the expression at `inner` stand in an argument of the call whose function stands at `callee`?
    fn is_argument(&self, body: BodyId, callee: Span, inner: Span) -> bool {
        let body = &self.program.bodies[body];
        let holds =
            |outer: Span| outer.file == inner.file && outer.text_range().contains_range(inner.text_range());
        callee != inner && holds(callee)
            || body.exprs.iter().any(|(e, expr)| match expr {
                Expr::Call { callee: function, .. } => {
                    body.expr_spans[*function] == callee && holds(body.expr_spans[e])
                }
                _ => false,
            })
    }

    /// Through which part a derived impl fails.
    fn reason(&self, failure: &Failure, root: Ty) -> Option<String> {
        let name = self.program.traits[failure.pred.trait_].name;
        let lacking = failure.pred.args[0];
        let shown = self.show(lacking);
        let Some(&(ty, at, field)) = failure.path.last() else {
            if lacking != root {
                return Some(match root.as_app() {
                    Some((TyCon::Tuple, parts)) if let Some(at) = self.only_part(parts, lacking) => {
                        format!("its part `.{at}` is {}, which has no `{name}`", a(&shown))
                    }
                    _ => format!("there is {} in it, which has no `{name}`", a(&shown)),
                });
            }
            let is_fn = matches!(lacking.as_app(), Some((TyCon::Fn, _)));
            return is_fn.then(|| format!("a function (`{shown}`) has no `{name}`"));
        };
        let def = &self.program.types[ty];
        let variant = &def.variants()[at as usize];
        let part = match variant.fields[field as usize].name {
            Some(field) => format!("field `{field}`"),
            None => format!("part {}", field + 1),
        };
        let ctor = snow_hir::CtorId { ty, variant: at };
        let declared = self.typed.fields.get(&ctor).and_then(|parts| parts.get(field as usize));
        let head = |ty: Ty| ty.as_app().map(|(con, _)| con);
        let whole = declared.is_none_or(|&part| head(part).is_none() || head(part) == head(lacking));
        let is = if whole { "is" } else { "holds" };
        Some(format!("{part} of `{}` {is} {}, which has no `{name}`", variant.name, a(&shown)))
    }

    /// The part of a tuple that is of a type, if only one is.
    fn only_part(&self, parts: &[Ty], ty: Ty) -> Option<usize> {
        let mut found = parts.iter().enumerate().filter(|(_, part)| self.table.zonk(**part) == ty);
        let first = found.next()?;
        found.next().is_none().then_some(first.0)
    }

    /// Was it reported where the type is declared that it can't derive the interface?
    fn was_refused_derivation(&self, failure: &Failure) -> bool {
        let Some(&(ty, ..)) = failure.path.first() else { return false };
        let derived = |id: &snow_hir::ImplId| {
            let imp = &self.program.impls[*id];
            imp.trait_ == failure.pred.trait_ && imp.derived.is_some_and(|d| d.ty == ty && !d.auto)
        };
        self.memo.void_impls.iter().any(derived)
    }

    /// `Option` or `Result`.
    fn is_wrapper(&self, id: TypeId) -> bool {
        [LangItem::Option, LangItem::Result].iter().any(|&item| self.lang_type(item) == Some(id))
    }

    /// The type of the program that lacks an interface.
    fn lacking_type(&self, failure: &Failure) -> Option<TypeId> {
        let (TyCon::Adt(id), _) = failure.pred.args[0].as_app()? else { return None };
        let is_std = self.program.modules[self.program.types[id].module].is_std;
        (!is_std).then_some(id)
    }

    fn remedy(&self, failure: &Failure, what: What) -> Option<String> {
        let name = self.program.traits[failure.pred.trait_].name;
        let ty = failure.pred.args[0];
        match ty.kind() {
            TyKind::Var(v) => {
                let param = self.names.get(v)?;
                Some(format!("add `where {param}: {name}` to the function or impl"))
            }
            TyKind::App(TyCon::Adt(id), _) if matches!(what, What::Op(_)) && self.is_wrapper(*id) => {
                Some("take the value out first, with `case`, `?` or `unwrap_or(default)`".to_owned())
            }
            _ if matches!(what, What::For) && ty == Ty::int() => {
                Some("numbers are gone through as a range: `for i in 0..n do … end`".to_owned())
            }
            _ if what == What::Op(BinaryOp::Concat) && (ty == Ty::int() || ty == Ty::float()) => Some(
                "they join strings and lists; numbers are added by `+`, put into strings as `${n}`, compared by `!=`"
                    .to_owned(),
            ),
            _ if what == What::Op(BinaryOp::Rem) && ty == Ty::string() => {
                Some("values are put into a string where it is written: `\"n is ${n}\"`".to_owned())
            }
            _ if what == What::Op(BinaryOp::Mul) && ty == Ty::string() => {
                Some("`String.repeat(s, n)` repeats a string".to_owned())
            }
            _ if what == What::Op(BinaryOp::Add) && ty == Ty::string() => {
                Some("strings are joined with `<>`".to_owned())
            }
            TyKind::App(TyCon::Builtin(BuiltinTy::List), _) if what == What::Op(BinaryOp::Add) => {
                Some("lists are joined with `++`; `List.append(xs, x)` adds one element".to_owned())
            }
            TyKind::App(TyCon::Fn, _) if matches!(what, What::Op(_)) && failure.path.is_empty() => {
                Some("a function gives its value when it is called: `f(…)`".to_owned())
            }
            _ if ty == Ty::float() && name == "Hash" => {
                Some("`Float.bits(…)` gives an Int that can".to_owned())
            }
            _ => None,
        }
    }

    /// A type of the program lacks an interface: an impl gives it, or a `deriving` clause.
    fn how_to_implement(&self, failure: &Failure, id: TypeId) -> String {
        let def = &self.program.types[id];
        let trait_ = &self.program.traits[failure.pred.trait_];
        let name = trait_.name;
        let texts = self.show_all(&failure.pred.args);
        let params: Vec<String> = def.generics.params.iter().map(|(param, _)| param.to_string()).collect();
        let written =
            format!("write `impl {} for {}`", with_args(name, &texts[1..]), with_args(def.name, &params));
        match trait_.lang.is_some_and(snow_hir::is_derivable) {
            true => format!("{written}, or add `{name}` to its `deriving(…)`"),
            false => written,
        }
    }

    /// Reports a condition on a type that nothing fixes.
    pub(crate) fn report_ambiguous(&mut self, obligation: &Obligation) {
        let name = self.program.traits[obligation.pred.trait_].name;
        let texts = self.show_all(&[obligation.pred.args[0], obligation.need.whole]);
        let message = if texts[0] == texts[1] {
            format!("nothing tells the type of this, of which `{name}` is needed")
        } else {
            format!("nothing tells what `{}` is in `{}`, of which `{name}` is needed", texts[0], texts[1])
        };
        let error = Diagnostic::error("E0511", message, obligation.need.span)
            .with_help("add an annotation, such as `let x :: Type = …`");
        self.diags.push(error);
    }
}

/// `Name<A, B>`
fn with_args(name: Name, args: &[String]) -> String {
    if args.is_empty() { name.to_string() } else { format!("{name}<{}>", args.join(", ")) }
}

fn op_text(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Rem => "%",
        BinaryOp::Concat => "<>",
        BinaryOp::Eq => "==",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Gt => ">",
        BinaryOp::Le => "<=",
        BinaryOp::Ge => ">=",
    }
}
