//! Writing down a body when its group is finished: types without variables, decision trees, missing cases.

use snow_abi::LangItem;
use snow_base::{ArenaMap, FxHashMap};
use snow_diagnostics::Diagnostic;
use snow_hir::{Body, Expr, FnId, Pat, PatId};

use super::{BodyResult, MatchKind, PendingMatch};
use crate::checker::Checker;
use crate::matching::{MatchId, MatchInput, Row, compile_match};
use crate::results::{BodyTypes, Res};
use crate::ty::{Ty, TyKind};

/// With more arms with guards than these a match is probably too large because of them.
const MANY_GUARDS: usize = 50;

impl Checker<'_> {
    /// Writes down a body; `extras` are the group's variables that its functions have as parameters.
    pub(crate) fn write_body(&mut self, result: BodyResult, extras: &FxHashMap<FnId, Vec<u32>>) {
        let BodyResult { body, owner, mut out, matches, fixups, generics } = result;
        let mut map = self.rigid_map(&owner.rigid);
        let mut next = owner.rigid.len() as u32;
        for &var in owner.f.and_then(|f| extras.get(&f)).into_iter().flatten() {
            map.insert(var, Ty::param(next));
            next += 1;
        }
        for (local, vars) in &generics {
            let numbers: Vec<u32> = (next..).take(vars.len()).collect();
            map.extend(vars.iter().zip(&numbers).map(|(&v, &n)| (v, Ty::param(n))));
            next += vars.len() as u32;
            out.generalised.insert(*local, numbers);
        }
        for (e, f) in fixups {
            let more: Vec<Ty> = (extras.get(&f).into_iter().flatten())
                .map(|&v| self.finished(Ty::new(TyKind::Var(v)), &map))
                .collect();
            if let Some(Res::Fn(_, args)) = out.res.get_mut(e) {
                args.extend(more);
            }
        }
        self.finish_tables(&mut out, &map);
        let open = &mut |t: Ty| matches!(t.kind(), TyKind::Var(_));
        if out.exprs.values().any(|t| !t.is_concrete() && t.any(open))
            && let Some(f) = owner.f
        {
            self.report_escape(f);
        }
        for pending in &matches {
            let roots = pending.roots.iter().map(|&t| self.finished(t, &map)).collect();
            self.build_tree(&self.program.bodies[body], &mut out, pending, roots);
        }
        self.typed.bodies.insert(body, out);
    }

    /// Is it a function that looks for a process of the type that its use wants?
    fn finds_processes(&self, f: FnId) -> bool {
        let fns = &self.program.lang.fns;
        [LangItem::ProcessWhereis, LangItem::SupervisorWhich].iter().any(|item| fns.get(item) == Some(&f))
    }

    /// A type argument of such a function: where nothing fixes the message type, any process counts (`Never`).
    fn wanted(&self, ty: Ty, map: &FxHashMap<u32, Ty>) -> Ty {
        match self.table.shallow(ty).kind() {
            TyKind::Var(v) if !map.contains_key(v) => Ty::never(),
            _ => self.finished(ty, map),
        }
    }

    fn finish_tables(&self, out: &mut BodyTypes, map: &FxHashMap<u32, Ty>) {
        let finish = |ty: &mut Ty| *ty = self.finished(*ty, map);
        out.exprs.values_mut().for_each(finish);
        out.pats.values_mut().for_each(finish);
        out.locals.values_mut().for_each(finish);
        out.receives.values_mut().for_each(finish);
        for res in out.res.values_mut().chain(out.displays.values_mut()) {
            match res {
                Res::Fn(f, args) if self.finds_processes(*f) => {
                    args.iter_mut().for_each(|ty| *ty = self.wanted(*ty, map));
                }
                Res::Fn(_, args) | Res::Method(_, args) | Res::Ctor(_, args) | Res::Local(_, args) => {
                    args.iter_mut().for_each(finish);
                }
                Res::FieldCall(_) | Res::Field(_) | Res::Builtin => {}
            }
        }
    }

    fn build_tree(&mut self, body: &Body, out: &mut BodyTypes, pending: &PendingMatch, roots: Vec<Ty>) {
        let broken = roots.contains(&Ty::error());
        let rows =
            pending.rows.iter().map(|r| Row { arm: r.arm, pats: r.pats.clone(), has_guard: r.has_guard });
        let input = MatchInput {
            program: self.program,
            body,
            ctor_pats: &out.ctor_pats,
            fields: &self.typed.fields,
            rows: rows.collect(),
            root_tys: roots,
        };
        let outcome = compile_match(&input);
        if outcome.too_big {
            let message = "these patterns need too many tests together; split them into nested `case`s";
            let error = Diagnostic::error("E0404", message, pending.span);
            // A guard that takes any value is tried behind each of the values told apart around it.
            let guards = pending.rows.iter().filter(|row| row.has_guard).count();
            self.diags.push(match guards > MANY_GUARDS {
                true => error.with_help(
                    "arms with guards are tried again for each value of the others: put them behind those, or into a `case` of their own",
                ),
                false => error,
            });
        } else if !broken {
            self.report_missing(body, pending, outcome.missing);
            self.report_unreachable(body, &out.ctor_pats, pending, &outcome.tree.unreachable);
            self.report_idle(body, &outcome.idle);
        }
        out.matches.insert(pending.id, outcome.tree);
    }

    fn report_missing(&mut self, body: &Body, pending: &PendingMatch, missing: Option<String>) {
        let Some(missing) = missing else { return };
        let (what, fix) = match pending.kind {
            MatchKind::Case => ("this `case`", "add an arm for it, or a last arm `_ -> …`"),
            MatchKind::Function => ("this function", "add a clause for it"),
            MatchKind::Closure => ("this closure", "add a clause for it, or match with `case` inside"),
            MatchKind::Receive | MatchKind::For | MatchKind::Let => return,
        };
        let message = format!("{what} has a missing case: `{missing}`");
        let mut error = Diagnostic::error("E0401", message, pending.span).with_help(fix);
        if let MatchId::Expr(e) = pending.id
            && let Expr::Case { arms, .. } = &body.exprs[e]
            && let Some(last) = arms.last().map(|arm| body.expr_spans[arm.body])
        {
            // Behind the others: what is missing may also match what an arm takes.
            let arm = format!("{missing} -> panic(\"not written yet\")");
            error = error.with_line_behind("add an arm", last, &arm);
        }
        self.diags.push(error);
    }

    fn report_idle(&mut self, body: &Body, alternatives: &[PatId]) {
        for &alternative in alternatives {
            let message = "this alternative is never reached: what stands before it takes all its cases";
            self.diags.push(Diagnostic::warning("W0010", message, body.pat_spans[alternative]));
        }
    }

    fn report_unreachable(
        &mut self,
        body: &Body,
        ctors: &ArenaMap<PatId, (snow_hir::CtorId, Vec<Option<PatId>>)>,
        pending: &PendingMatch,
        arms: &[u32],
    ) {
        if arms.is_empty() || matches!(pending.kind, MatchKind::Let | MatchKind::For) {
            return;
        }
        let catch_all = pending
            .rows
            .iter()
            .position(|row| !row.has_guard && row.pats.iter().all(|&p| catches_all(body, ctors, p)));
        if pending.kind == MatchKind::Function
            && let Some(index) = catch_all
            && index + 1 < pending.rows.len()
        {
            let message = "this clause takes everything, so the clauses behind it are never tried";
            let error = Diagnostic::error("E0405", message, pending.spans[index])
                .with_label(pending.spans[index + 1], "never tried")
                .with_help("move it behind the others");
            self.diags.push(error);
            return;
        }
        for &arm in arms {
            let Some(&span) = pending.spans.get(arm as usize) else { continue };
            let what = match pending.kind {
                MatchKind::Function | MatchKind::Closure => "clause",
                _ => "arm",
            };
            let message = format!("this {what} is never reached: those before it take all its cases");
            self.diags.push(Diagnostic::warning("W0010", message, span));
        }
    }
}

/// Whether a pattern matches everything by its form.
fn catches_all(
    body: &Body,
    ctors: &ArenaMap<PatId, (snow_hir::CtorId, Vec<Option<PatId>>)>,
    p: PatId,
) -> bool {
    let all = |p: PatId| catches_all(body, ctors, p);
    match &body.pats[p] {
        Pat::Wild => true,
        Pat::Bind { sub, .. } => sub.is_none_or(all),
        Pat::Typed(inner, _) => all(*inner),
        Pat::Tuple(parts) => parts.iter().copied().all(all),
        Pat::Struct { .. } => ctors.get(p).is_some_and(|(_, subs)| subs.iter().flatten().copied().all(all)),
        _ => false,
    }
}
