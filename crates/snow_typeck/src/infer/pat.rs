//! Patterns: what they match, and which constructors and locals they speak of.

use snow_abi::LangItem;
use snow_abi::signals::{SIGNALS, SignalPart, signal};
use snow_base::{Name, Span};
use snow_diagnostics::{Diagnostic, nearest};
use snow_hir::{BuiltinTy, CtorId, ExprId, LocalId, Pat, PatId, TypeDefKind, TypeId};

use super::Infer;
use crate::errors::Why;
use crate::lower_ty::Holes;
use crate::ty::Ty;

/// A constructor pattern as written.
struct CtorPat<'a> {
    candidates: &'a [CtorId],
    args: &'a [PatId],
    named: &'a [(Name, Span, PatId)],
    rest: bool,
}

impl Infer<'_, '_> {
    /// Checks that a pattern can match values of a type.
    pub(crate) fn pat(&mut self, p: PatId, ty: Ty, why: Why) {
        self.result.out.pats.insert(p, ty);
        match &self.body.pats[p] {
            Pat::Missing => self.mark_bad(),
            Pat::Wild => {}
            Pat::Bind { local, sub } => {
                self.bind(p, *local, ty);
                if let Some(sub) = sub {
                    self.pat(*sub, ty, why);
                }
            }
            Pat::Int(_) | Pat::IntRange(..) => self.literal(p, Ty::int(), ty, why),
            Pat::Float(_) => self.literal(p, Ty::float(), ty, why),
            Pat::Bool(_) => self.literal(p, Ty::bool(), ty, why),
            Pat::Str(_) => self.literal(p, Ty::string(), ty, why),
            Pat::Atom(_) => self.literal(p, Ty::atom(), ty, why),
            Pat::StrPrefix(_, rest) => {
                self.literal(p, Ty::string(), ty, why);
                self.pat(*rest, Ty::string(), why);
            }
            Pat::Tuple(parts) => {
                let tys: Vec<Ty> = parts.iter().map(|_| self.fresh()).collect();
                let before = self.cx.diags.len();
                self.literal(p, Ty::tuple(tys.clone()), ty, why);
                match matches!(why, Why::Messages(_)) {
                    true if self.cx.diags.len() > before => self.suggest_signal(parts),
                    true => self.warn_of_signal(parts),
                    false => {}
                }
                parts.iter().zip(tys).for_each(|(&part, ty)| self.pat(part, ty, why));
            }
            Pat::Ctor { candidates, args, named, rest } => {
                let written = CtorPat { candidates, args, named, rest: *rest };
                self.ctor_pat(p, &written, ty, why);
            }
            Pat::Struct { ty: id, fields } => self.struct_pat(p, *id, fields, (ty, why)),
            Pat::List { prefix, rest, suffix } => {
                let element = self.fresh();
                self.literal(p, Ty::list(element), ty, why);
                prefix.iter().chain(suffix).for_each(|&part| self.pat(part, element, why));
                if let Some(Some(rest)) = rest {
                    self.pat(*rest, Ty::list(element), why);
                }
            }
            Pat::Map(entries) => self.map_pat(p, entries, ty, why),
            Pat::Or(alternatives) => alternatives.iter().for_each(|&a| self.pat(a, ty, why)),
            Pat::Typed(inner, written) => {
                let want = self.annotation(written, Holes::Infer);
                if !self.fits(ty, want) {
                    self.report_mismatch(self.pat_span(p), ty, want, why);
                }
                self.pat(*inner, want, Why::Annotation(written.span));
            }
            Pat::Signal(name, parts) => self.signal_pat(*name, parts),
        }
    }

    /// A tuple that is no message may be a signal with a slip in its name.
    fn suggest_signal(&mut self, parts: &[PatId]) {
        let Some((_, fix)) = self.meant_signal(parts) else { return };
        if let Some(error) = self.cx.diags.last_mut() {
            error.fixes.push(fix);
        }
    }

    /// The same where the tuple fits, because nothing else tells what the messages are: the program doesn't speak of such an atom.
    fn warn_of_signal(&mut self, parts: &[PatId]) {
        let Some((span, fix)) = self.meant_signal(parts).filter(|(_, fix)| fix.safe) else { return };
        let Pat::Atom(name) = &self.body.pats[parts[0]] else { return };
        let is_it =
            |(_, expr): (_, &snow_hir::Expr)| matches!(expr, snow_hir::Expr::Atom(atom) if atom == name);
        if self.cx.program.bodies.iter().any(|(_, body)| body.exprs.iter().any(is_it)) {
            return;
        }
        let message = format!("this arm takes a message: `:{name}` is no signal");
        let mut warning = Diagnostic::warning("W0015", message, span);
        // It may be a message all the same.
        warning.fixes.push(snow_diagnostics::Fix { safe: false, ..fix });
        self.cx.diags.push(warning);
    }

    /// The signal whose name is nearly the first part of a tuple, and the change to it.
    fn meant_signal(&self, parts: &[PatId]) -> Option<(Span, snow_diagnostics::Fix)> {
        let (&first, rest) = parts.split_first()?;
        let Pat::Atom(name) = &self.body.pats[first] else { return None };
        let names = SIGNALS.iter().filter(|s| s.parts.len() == rest.len()).map(|s| s.name);
        let near = nearest(name.as_str(), names)?;
        let span = self.pat_span(first);
        let signal = format!(":{}", near.name);
        let fix = snow_diagnostics::Fix {
            title: format!("did you mean the signal `{signal}`?"),
            edits: vec![(span, signal)],
            safe: near.sure,
            texts: snow_diagnostics::FixTexts::Given,
        };
        Some((span, fix))
    }

    fn literal(&mut self, p: PatId, own: Ty, ty: Ty, why: Why) {
        if self.cx.table.unify(ty, own).is_err() {
            self.report_mismatch(self.pat_span(p), ty, own, why);
        }
    }

    fn bind(&mut self, p: PatId, local: LocalId, ty: Ty) {
        match self.result.out.locals.get(local).copied() {
            Some(known) => {
                if self.cx.table.unify(known, ty).is_err() {
                    self.report_mismatch(self.pat_span(p), known, ty, Why::OtherAlternative);
                }
            }
            None => {
                self.result.out.locals.insert(local, ty);
            }
        }
    }

    fn ctor_pat(&mut self, p: PatId, written: &CtorPat<'_>, ty: Ty, why: Why) {
        let known = self.head(ty);
        let picked = self.pick_ctor(written.candidates, Some(known), self.pat_span(p));
        let Some(ctor) = picked else {
            self.skip_pats(written);
            return;
        };
        let (_, parts, whole) = self.instantiate_ctor(ctor);
        self.literal(p, whole, ty, why);
        let mut subs: Vec<Option<PatId>> = vec![None; parts.len()];
        let variant = self.variant(ctor);
        let count = written.args.len() + written.named.len();
        if written.args.len() > parts.len() || (count < parts.len() && !written.rest) {
            let plural = if parts.len() == 1 { "part" } else { "parts" };
            let message =
                format!("`{}` has {} {plural}, but the pattern has {count}", variant.name, parts.len());
            let mut error = Diagnostic::error("E0403", message, self.pat_span(p))
                .with_label(variant.span, "defined here");
            if count < parts.len() && count > 0 {
                error = error.with_help("`..` at the end leaves parts out");
            }
            self.report(error);
            self.skip_pats(written);
            return;
        }
        for (index, &arg) in written.args.iter().enumerate() {
            subs[index] = Some(arg);
        }
        for &(name, span, sub) in written.named {
            match self.part_index(ctor, name) {
                Some(index) if subs[index].is_none() => subs[index] = Some(sub),
                Some(_) => self.report(Diagnostic::error("E0310", format!("`{name}` is given twice"), span)),
                None => {
                    self.report_no_part(ctor, name, span);
                    let ty = self.fresh();
                    self.pat(sub, ty, why);
                }
            }
        }
        for (&sub, &ty) in subs.iter().zip(&parts) {
            if let Some(sub) = sub {
                self.pat(sub, ty, why);
            }
        }
        self.result.out.ctor_pats.insert(p, (ctor, subs));
    }

    fn skip_pats(&mut self, written: &CtorPat<'_>) {
        for &sub in written.args.iter().chain(written.named.iter().map(|(_, _, p)| p)) {
            self.pat(sub, Ty::error(), Why::None);
        }
    }

    fn report_no_part(&mut self, ctor: CtorId, name: Name, span: Span) {
        let variant = self.variant(ctor);
        let message = format!("`{}` has no part `{name}`", variant.name);
        let error = Diagnostic::error("E0307", message, span);
        let names = variant.fields.iter().filter_map(|f| f.name).map(|n| n.as_str());
        let near = nearest(name.as_str(), names);
        let error = error.with_suggestion(span, near);
        self.report(error);
    }

    fn struct_pat(&mut self, p: PatId, id: TypeId, fields: &[(Name, Span, PatId)], (ty, why): (Ty, Why)) {
        let ctor = CtorId { ty: id, variant: 0 };
        if !matches!(self.cx.program.types[id].kind, TypeDefKind::Struct(_)) {
            let message = format!("`{}` is no struct", self.cx.program.types[id].name);
            self.report(Diagnostic::error("E0320", message, self.pat_span(p)));
            fields.iter().for_each(|&(_, _, sub)| self.pat(sub, Ty::error(), why));
            return;
        }
        let (_, parts, whole) = self.instantiate_ctor(ctor);
        self.literal(p, whole, ty, why);
        let mut subs: Vec<Option<PatId>> = vec![None; parts.len()];
        for &(name, span, sub) in fields {
            match self.part_index(ctor, name) {
                Some(index) => {
                    if subs[index].replace(sub).is_some() {
                        let error =
                            Diagnostic::error("E0310", format!("field `{name}` is given twice"), span);
                        self.report(error);
                    }
                    self.pat(sub, parts[index], why);
                }
                None => {
                    self.report_no_part(ctor, name, span);
                    self.pat(sub, Ty::error(), why);
                }
            }
        }
        self.result.out.ctor_pats.insert(p, (ctor, subs));
    }

    fn map_pat(&mut self, p: PatId, entries: &[(ExprId, PatId)], ty: Ty, why: Why) {
        let (key, value) = (self.fresh(), self.fresh());
        match self.cx.lang_type(snow_abi::LangItem::Map) {
            Some(map) => self.literal(p, Ty::adt(map, vec![key, value]), ty, why),
            None => self.cx.missing_lang("Map", self.pat_span(p)),
        }
        for &(k, sub) in entries {
            self.check(k, key, Why::Key(self.span(entries[0].0)));
            self.pat(sub, value, why);
        }
        self.require_key(key, self.pat_span(p));
    }

    /// `(:down, ref, pid, reason)` and its kin: the types are fixed by the runtime.
    fn signal_pat(&mut self, name: Name, parts: &[PatId]) {
        let kinds = signal(name.as_str()).map_or(&[][..], |s| s.parts);
        for (&part, kind) in parts.iter().zip(kinds) {
            let ty = match kind {
                SignalPart::Pid => Ty::builtin(BuiltinTy::AnyPid),
                SignalPart::Text => Ty::string(),
                SignalPart::MonitorRef => self.lang_struct(LangItem::MonitorRef),
                SignalPart::TimerRef => self.lang_struct(LangItem::TimerRef),
                SignalPart::Reason => self.lang_struct(LangItem::ExitReason),
            };
            self.pat(part, ty, Why::None);
        }
    }

    fn lang_struct(&self, item: LangItem) -> Ty {
        self.cx.lang_type(item).map_or(Ty::error(), |id| Ty::adt(id, vec![]))
    }
}
