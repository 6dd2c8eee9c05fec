//! Which names the code of a body's parts takes from around it.
//!
//! Closures with a known name ("templates": local functions, and closures bound by a generalising `let`) are no
//! values of the environment: where one is used, what it captures is used.

use std::cell::RefCell;
use std::rc::Rc;

use snow_base::{FxHashMap, FxHashSet};
use snow_hir::{Body, Clause, Expr, ExprId, InterpPart, ListItem, LocalId, Pat, PatId, Stmt};
use snow_typeck::BodyTypes;

/// What all instances of a body share.
#[derive(Debug, Default)]
pub(crate) struct BodyInfo {
    /// Closures with a known name.
    pub(crate) templates: FxHashMap<LocalId, ExprId>,
    free: RefCell<FxHashMap<ExprId, Rc<[LocalId]>>>,
}

impl BodyInfo {
    /// Finds the templates. O(body).
    pub(crate) fn new(body: &Body, types: &BodyTypes) -> BodyInfo {
        let mut templates = FxHashMap::default();
        for (_, expr) in body.exprs.iter() {
            let Expr::Block { stmts, .. } = expr else { continue };
            for stmt in stmts {
                match stmt {
                    Stmt::LocalFn { local, closure } => {
                        templates.insert(*local, *closure);
                    }
                    Stmt::Let { pat, init, .. } => {
                        let local = bound_name(body, *pat).filter(|&l| types.generalised.get(l).is_some());
                        if let (Some(local), Expr::Closure(_)) = (local, &body.exprs[*init]) {
                            templates.insert(local, *init);
                        }
                    }
                    Stmt::Expr(_) => {}
                }
            }
        }
        BodyInfo { templates, free: RefCell::default() }
    }

    /// The locals that an expression takes from around it, templates resolved, in order of their numbers. O(1) after
    /// the first time.
    pub(crate) fn free(&self, body: &Body, expr: ExprId) -> Rc<[LocalId]> {
        if let Some(known) = self.free.borrow().get(&expr) {
            return known.clone();
        }
        let free = self.resolve(body, |walk| walk.expr(expr));
        self.free.borrow_mut().insert(expr, free.clone());
        free
    }

    /// What the guards and arms of a `receive` take, and its `after` body, but not its time.
    pub(crate) fn free_of_arms(&self, body: &Body, arms: &[Clause], after: Option<ExprId>) -> Rc<[LocalId]> {
        self.resolve(body, |walk| {
            arms.iter().for_each(|arm| walk.clause(arm));
            walk.all(after);
        })
    }

    /// Replaces templates by what they take. What a template takes was in scope where it was defined, so it is
    /// free wherever the template is.
    fn resolve(&self, body: &Body, walk: impl FnOnce(&mut Walk<'_>)) -> Rc<[LocalId]> {
        let mut todo = names_of(body, walk);
        let mut seen: FxHashSet<LocalId> = FxHashSet::default();
        let mut free = Vec::new();
        while let Some(local) = todo.pop() {
            if !seen.insert(local) {
                continue;
            }
            match self.templates.get(&local) {
                Some(&closure) => todo.extend(names_of(body, |walk| walk.expr(closure))),
                None => free.push(local),
            }
        }
        free.sort_unstable_by_key(|local| local.into_raw().into_u32());
        free.into()
    }
}

/// The names that a walk meets and that aren't bound inside it.
fn names_of(body: &Body, walk: impl FnOnce(&mut Walk<'_>)) -> Vec<LocalId> {
    let mut seen = Walk { body, used: FxHashSet::default(), bound: FxHashSet::default() };
    walk(&mut seen);
    seen.used.difference(&seen.bound).copied().collect()
}

/// The name that a pattern consists of.
pub(crate) fn bound_name(body: &Body, pat: PatId) -> Option<LocalId> {
    match &body.pats[pat] {
        Pat::Bind { local, sub: None } => Some(*local),
        Pat::Typed(inner, _) => bound_name(body, *inner),
        _ => None,
    }
}

struct Walk<'a> {
    body: &'a Body,
    used: FxHashSet<LocalId>,
    bound: FxHashSet<LocalId>,
}

impl Walk<'_> {
    fn clause(&mut self, clause: &Clause) {
        clause.pats.iter().for_each(|&pat| self.pat(pat));
        clause.guard.into_iter().for_each(|e| self.expr(e));
        self.expr(clause.body);
    }

    fn all(&mut self, exprs: impl IntoIterator<Item = ExprId>) {
        exprs.into_iter().for_each(|e| self.expr(e));
    }

    fn expr(&mut self, expr: ExprId) {
        match &self.body.exprs[expr] {
            Expr::Missing
            | Expr::Int(_)
            | Expr::Float(_)
            | Expr::Bool(_)
            | Expr::Str(_)
            | Expr::Atom(_)
            | Expr::Fn(_)
            | Expr::Const(_)
            | Expr::Ctor(_)
            | Expr::TraitMethod(..)
            | Expr::TypeMember { .. }
            | Expr::Break
            | Expr::Continue
            | Expr::SelfPid => {}
            Expr::Local(local) => {
                self.used.insert(*local);
            }
            Expr::Interp(parts) => parts.iter().for_each(|part| {
                if let InterpPart::Expr(e) = part {
                    self.expr(*e);
                }
            }),
            Expr::Call { callee, args } => {
                self.expr(*callee);
                self.all(args.iter().map(|a| a.value));
            }
            Expr::MethodCall { receiver, args, .. } => {
                self.expr(*receiver);
                self.all(args.iter().map(|a| a.value));
            }
            Expr::Field { base, .. } | Expr::TupleIndex { base, .. } => self.expr(*base),
            Expr::Index { base, index } => self.all([*base, *index]),
            Expr::Tuple(parts) => self.all(parts.iter().copied()),
            Expr::List(items) => self.all(items.iter().map(|item| match item {
                ListItem::Elem(e) | ListItem::Spread(e) => *e,
            })),
            Expr::Map(entries) => self.all(entries.iter().flat_map(|(k, v)| [*k, *v])),
            Expr::Struct { fields, .. } => self.all(fields.iter().map(|f| f.value)),
            Expr::Update { base, fields } => {
                self.expr(*base);
                self.all(fields.iter().map(|f| f.value));
            }
            Expr::MapUpdate { base, entries } => {
                self.expr(*base);
                self.all(entries.iter().flat_map(|(k, v)| [*k, *v]));
            }
            Expr::Binary { left, right, .. } | Expr::Logic { left, right, .. } => self.all([*left, *right]),
            Expr::Not(e) | Expr::Neg(e) | Expr::Try(e) => self.expr(*e),
            Expr::Range { start, end, .. } => self.all([*start, *end]),
            Expr::If { cond, then, otherwise } => {
                self.all([*cond, *then]);
                self.all(*otherwise);
            }
            Expr::Case { scrutinee, arms } => {
                self.expr(*scrutinee);
                arms.iter().for_each(|arm| self.clause(arm));
            }
            Expr::Block { stmts, tail } => {
                stmts.iter().for_each(|stmt| self.stmt(stmt));
                self.all(*tail);
            }
            Expr::While { cond, body } => self.all([*cond, *body]),
            Expr::For { pat, iter, guard, body } => {
                self.pat(*pat);
                self.expr(*iter);
                self.all(*guard);
                self.expr(*body);
            }
            Expr::Return(e) => self.all(*e),
            Expr::Closure(closure) => {
                self.bound.extend(&closure.params);
                closure.clauses.iter().for_each(|clause| self.clause(clause));
            }
            Expr::Receive { arms, after } => {
                arms.iter().for_each(|arm| self.clause(arm));
                self.all(after.iter().flat_map(|(time, body)| [*time, *body]));
            }
            Expr::Send { to, message } => self.all([*to, *message]),
            Expr::Spawn { target, args, .. } => {
                self.expr(*target);
                self.all(args.iter().map(|arg| arg.value));
            }
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { pat, init, .. } => {
                self.pat(*pat);
                self.expr(*init);
            }
            Stmt::LocalFn { local, closure } => {
                self.bound.insert(*local);
                self.expr(*closure);
            }
            Stmt::Expr(e) => self.expr(*e),
        }
    }

    fn pat(&mut self, pat: PatId) {
        match &self.body.pats[pat] {
            Pat::Bind { local, sub } => {
                self.bound.insert(*local);
                sub.iter().for_each(|&p| self.pat(p));
            }
            Pat::Tuple(pats) | Pat::Or(pats) | Pat::Signal(_, pats) => pats.iter().for_each(|&p| self.pat(p)),
            Pat::Ctor { args, named, .. } => {
                args.iter().chain(named.iter().map(|(_, _, p)| p)).for_each(|&p| self.pat(p));
            }
            Pat::Struct { fields, .. } => fields.iter().for_each(|(_, _, p)| self.pat(*p)),
            Pat::List { prefix, rest, suffix } => {
                let rest = rest.iter().flatten();
                prefix.iter().chain(rest).chain(suffix).for_each(|&p| self.pat(p));
            }
            Pat::Map(entries) => entries.iter().for_each(|(_, p)| self.pat(*p)),
            Pat::StrPrefix(_, p) | Pat::Typed(p, _) => self.pat(*p),
            Pat::Missing
            | Pat::Wild
            | Pat::Int(_)
            | Pat::Float(_)
            | Pat::Bool(_)
            | Pat::Str(_)
            | Pat::Atom(_)
            | Pat::IntRange(..) => {}
        }
    }
}
