//! Patterns: forms, and which names they bind.
//!
//! Whether a pattern fits its value, and which cases are missing, are the checker's questions.

use snow_abi::signals::{Signal, signal};
use snow_base::{Name, Span};
use snow_syntax::ast::{self, LiteralValue};

use super::BodyCx;
use crate::body::*;
use crate::items::{FnKind, TypeRef, TypeRefKind, ValueNs};
use crate::lower::{named, token_span};
use crate::problems::{bodies as problems, services};

/// A name that a pattern binds, and where.
type Bound = (Name, LocalId, Span);

/// The names of the pattern being lowered.
#[derive(Default)]
pub(super) struct PatNames {
    /// Bound so far.
    bound: Vec<Bound>,
    /// In a later alternative: the locals of the first one.
    shared: Option<Vec<Bound>>,
}

/// Does a receive arm's pattern take a system signal?
pub(crate) fn is_signal(pattern: &ast::Pattern) -> bool {
    signal_of(pattern).is_some()
}

/// The system signal that a pattern takes.
pub(crate) fn signal_of(pattern: &ast::Pattern) -> Option<&'static Signal> {
    let ast::Pattern::Tuple(tuple) = pattern else { return None };
    let Some(ast::Pattern::Literal(first)) = tuple.elements().next() else { return None };
    match first.literal().and_then(|l| l.value()) {
        Some(LiteralValue::Atom(name)) => signal(name.as_str()),
        _ => None,
    }
}

impl BodyCx<'_, '_> {
    /// Lowers a pattern and shows its names to what follows.
    pub(super) fn bind_pattern(&mut self, pattern: Option<ast::Pattern>, owner: Span) -> PatId {
        let outer = std::mem::take(&mut self.names);
        let pat = self.lower_opt_pat(pattern, owner);
        self.show_names(outer);
        pat
    }

    /// Does an arm's pattern take system signals? Alternatives all do, or none does.
    pub(super) fn takes_signals(&mut self, pattern: &ast::Pattern) -> bool {
        let ast::Pattern::Or(or) = pattern else { return is_signal(pattern) };
        let (signals, others): (Vec<_>, Vec<_>) = or.alternatives().partition(is_signal);
        if let (false, Some(other)) = (signals.is_empty(), others.first()) {
            self.low.diags.push(services::mixed_signals(self.scope.span(other)));
        }
        !signals.is_empty()
    }

    /// A signal's pattern: `(:down, ref, pid, reason)` and its kin.
    fn signal_pat(&mut self, node: &ast::TuplePat, signal: &'static Signal, span: Span) -> Pat {
        let elements: Vec<ast::Pattern> = node.elements().skip(1).collect();
        let parts: Vec<PatId> = elements.iter().map(|p| self.lower_pat(p)).collect();
        if parts.len() == signal.parts.len() {
            return Pat::Signal(Name::new(signal.name), parts);
        }
        let form = match signal.name {
            "down" => "(:down, ref, pid, reason)",
            "exit" => "(:exit, pid, reason)",
            "timer" => "(:timer, ref)",
            "nodedown" => "(:nodedown, node)",
            _ => "(:nodeup, node)",
        };
        self.low.diags.push(services::signal_parts(form, span));
        Pat::Missing
    }

    /// Ends a pattern: its names become visible.
    pub(super) fn show_names(&mut self, outer: PatNames) {
        let done = std::mem::replace(&mut self.names, outer);
        self.visible.extend(done.bound.iter().map(|b| (b.0, b.1)));
    }

    fn lower_opt_pat(&mut self, pattern: Option<ast::Pattern>, owner: Span) -> PatId {
        match pattern {
            Some(pattern) => self.lower_pat(&pattern),
            None => self.alloc_pat(Pat::Missing, owner),
        }
    }

    fn bind_name(&mut self, name: Name, span: Span) -> LocalId {
        self.low.check_fixed_name(name, span);
        if let Some(first) = self.names.bound.iter().find(|b| b.0 == name) {
            let problem = problems::name_repeats(name, span, first.2);
            self.low.diags.push(problem);
            return self.new_local(name, span);
        }
        let shared = self.names.shared.as_ref().and_then(|s| s.iter().find(|b| b.0 == name));
        let local = match shared {
            Some(shared) => shared.1,
            None => {
                let local = self.new_local(name, span);
                if !self.warn_of_constant(name, span) {
                    self.watched.push(local);
                }
                local
            }
        };
        self.names.bound.push((name, local, span));
        local
    }

    /// Warns of a name that a constant has; says whether it did.
    fn warn_of_constant(&mut self, name: Name, span: Span) -> bool {
        let values = &self.low.program.modules[self.scope.module].values;
        let constant = match values.get(&name) {
            Some(ValueNs::Const(id)) => Some(self.low.program.consts[*id].span),
            Some(ValueNs::Fn(id)) => {
                let def = &self.low.program.fns[*id];
                (def.kind == FnKind::Let).then_some(def.span)
            }
            None => None,
        };
        if let Some(constant) = constant {
            self.low.diags.push(problems::looks_like_constant(name, span, constant));
            return true;
        }
        false
    }

    /// Lowers a pattern. The one exhaustive list of forms.
    pub(super) fn lower_pat(&mut self, pattern: &ast::Pattern) -> PatId {
        let span = self.scope.span(pattern);
        let signals = std::mem::take(&mut self.signals);
        let pat = match pattern {
            ast::Pattern::Wildcard(_) => Pat::Wild,
            ast::Pattern::Name(node) if node.text().as_str().is_empty() => Pat::Missing,
            ast::Pattern::Name(node) => Pat::Bind { local: self.bind_name(node.text(), span), sub: None },
            ast::Pattern::Literal(node) => self.literal_pat(node),
            ast::Pattern::Range(node) => self.range_pat(node, span),
            ast::Pattern::Concat(node) => {
                let prefix = self.plain_text(node.prefix());
                let rest = self.lower_opt_pat(node.rest(), span);
                prefix.map_or(Pat::Missing, |prefix| Pat::StrPrefix(prefix, rest))
            }
            ast::Pattern::Paren(node) => return self.lower_opt_pat(node.inner(), span),
            ast::Pattern::Tuple(node) if signals => match signal_of(pattern) {
                Some(signal) => self.signal_pat(node, signal, span),
                None => Pat::Missing,
            },
            ast::Pattern::Tuple(node) => Pat::Tuple(node.elements().map(|p| self.lower_pat(&p)).collect()),
            ast::Pattern::Constructor(node) => self.constructor_pat(node),
            ast::Pattern::Record(node) => self.record_pat(node),
            ast::Pattern::List(node) => self.list_pat(node),
            ast::Pattern::Rest(_) => {
                self.low.diags.push(problems::bad_pattern("`..` can stand only in a list pattern", span));
                Pat::Missing
            }
            ast::Pattern::Cons(node) => self.cons_pat(node, span),
            ast::Pattern::Map(node) => self.map_pat(node, span),
            ast::Pattern::Or(node) => self.or_pat(node, signals),
            ast::Pattern::As(node) => {
                let sub = self.lower_opt_pat(node.pattern(), span);
                match named(&self.scope, node.name()) {
                    Some((name, place)) => Pat::Bind { local: self.bind_name(name, place), sub: Some(sub) },
                    None => return sub,
                }
            }
        };
        self.alloc_pat(pat, span)
    }

    fn literal_pat(&mut self, node: &ast::LiteralPat) -> Pat {
        if let Some(string) = node.string() {
            return self.plain_text(Some(string)).map_or(Pat::Missing, Pat::Str);
        }
        match node.literal().and_then(|l| l.value()) {
            Some(LiteralValue::Int(Some(value))) => Pat::Int(value),
            Some(LiteralValue::Float(Some(value))) => Pat::Float(value),
            Some(LiteralValue::Bool(value)) => Pat::Bool(value),
            Some(LiteralValue::Atom(name)) => Pat::Atom(name),
            Some(LiteralValue::Int(None) | LiteralValue::Float(None)) | None => Pat::Missing,
        }
    }

    /// The text of a string; interpolations in it were reported by the parser.
    fn plain_text(&self, string: Option<ast::StringExpr>) -> Option<String> {
        string?.plain_text()
    }

    fn range_pat(&mut self, node: &ast::RangePat, span: Span) -> Pat {
        let (start, end) = (node.start().map(|l| l.value()), node.end().map(|l| l.value()));
        let (start, end) = match (start.flatten(), end.flatten()) {
            (Some(LiteralValue::Int(Some(start))), Some(LiteralValue::Int(Some(end)))) => (start, end),
            (Some(LiteralValue::Int(_)), Some(LiteralValue::Int(_))) | (None, _) | (_, None) => {
                return Pat::Missing;
            }
            _ => {
                self.low
                    .diags
                    .push(problems::bad_pattern("a range in a pattern goes from an Int to an Int", span));
                return Pat::Missing;
            }
        };
        let last = if node.is_inclusive() { Some(end) } else { end.checked_sub(1) };
        match last {
            Some(last) if start <= last => Pat::IntRange(start, last),
            _ => {
                self.low.diags.push(problems::bad_pattern("this range is empty: it matches nothing", span));
                Pat::Missing
            }
        }
    }

    fn constructor_pat(&mut self, node: &ast::ConstructorPat) -> Pat {
        let candidates = node.path().map(|path| self.constructors(&path)).unwrap_or_default();
        let (mut args, mut parts) = (Vec::new(), Vec::new());
        for arg in node.args() {
            let place = self.scope.span(&arg);
            let name = named(&self.scope, arg.name());
            let pat = self.lower_opt_pat(arg.pattern(), place);
            match name {
                Some((name, span)) => parts.push((name, span, pat)),
                None => args.push(pat),
            }
        }
        if candidates.is_empty() {
            if let Some(path) = node.path()
                && let [name] = path.names()[..]
                && node.args().next().is_none()
            {
                let span = self.scope.span(&path);
                crate::problems::names::bound_name(&mut self.low.diags, name, span);
            }
            return Pat::Missing;
        }
        Pat::Ctor { candidates, args, named: parts, rest: node.has_rest() }
    }

    fn record_pat(&mut self, node: &ast::RecordPat) -> Pat {
        let ty = node.path().and_then(|path| self.struct_of(&path));
        let mut fields = Vec::new();
        for field in node.fields() {
            let Some((name, place)) = named(&self.scope, field.name()) else { continue };
            let has_colon = self.scope.span(&field) != place || self.scope.place.is_some();
            let pat = match field.pattern() {
                Some(pattern) => self.lower_pat(&pattern),
                None if has_colon => self.alloc_pat(Pat::Missing, place),
                None => {
                    let local = self.bind_name(name, place);
                    self.alloc_pat(Pat::Bind { local, sub: None }, place)
                }
            };
            fields.push((name, place, pat));
        }
        ty.map_or(Pat::Missing, |ty| Pat::Struct { ty, fields })
    }

    fn list_pat(&mut self, node: &ast::ListPat) -> Pat {
        let (mut prefix, mut suffix, mut rest) = (Vec::new(), Vec::new(), None);
        for element in node.elements() {
            match element {
                ast::Pattern::Rest(dots) => {
                    let span = self.scope.span(&dots);
                    if rest.is_some() {
                        self.low
                            .diags
                            .push(problems::bad_pattern("a list pattern has one `..` at most", span));
                        if let Some(token) = dots.name_token() {
                            self.bind_name(Name::new(token.text()), token_span(&self.scope, &token));
                        }
                        continue;
                    }
                    rest = Some(dots.name_token().map(|token| {
                        let place = token_span(&self.scope, &token);
                        let local = self.bind_name(Name::new(token.text()), place);
                        self.alloc_pat(Pat::Bind { local, sub: None }, place)
                    }));
                }
                element if rest.is_some() => suffix.push(self.lower_pat(&element)),
                element => prefix.push(self.lower_pat(&element)),
            }
        }
        Pat::List { prefix, rest, suffix }
    }

    /// `h :: t`; where `t` is a list pattern itself, both become one.
    fn cons_pat(&mut self, node: &ast::ConsPat, span: Span) -> Pat {
        let head = self.lower_opt_pat(node.head(), span);
        let before = self.low.diags.len();
        let tail = self.lower_opt_pat(node.tail(), span);
        if let [.., last] = &mut self.low.diags[before..]
            && let Some(typed) = crate::problems::names::typed_pattern(last, self.body.pat_spans[head])
        {
            *last = typed;
            // Whoever tests for types uses the value at them: of its type nothing more is said.
            return Pat::Typed(head, TypeRef { kind: TypeRefKind::Error, span });
        }
        match &self.body.pats[tail] {
            Pat::List { prefix, rest, suffix } => {
                let prefix = std::iter::once(head).chain(prefix.iter().copied()).collect();
                Pat::List { prefix, rest: *rest, suffix: suffix.clone() }
            }
            Pat::Wild => Pat::List { prefix: vec![head], rest: Some(None), suffix: Vec::new() },
            _ => Pat::List { prefix: vec![head], rest: Some(Some(tail)), suffix: Vec::new() },
        }
    }

    fn map_pat(&mut self, node: &ast::MapPat, span: Span) -> Pat {
        let mut entries = Vec::new();
        for entry in node.entries() {
            let key = match named(&self.scope, entry.name()) {
                Some((name, place)) => self.alloc(Expr::Str(name.to_string()), place),
                None => self.lower_opt(entry.key(), span),
            };
            entries.push((key, self.lower_opt_pat(entry.pattern(), span)));
        }
        Pat::Map(entries)
    }

    /// All alternatives bind the same names to the same locals.
    fn or_pat(&mut self, node: &ast::OrPat, signals: bool) -> Pat {
        let before = std::mem::take(&mut self.names.bound);
        let outer = self.names.shared.take();
        let mut first: Option<(Vec<Bound>, Span)> = None;
        let mut pats = Vec::new();
        for alternative in node.alternatives() {
            self.names.shared = first.as_ref().map(|f| f.0.clone()).or_else(|| outer.clone());
            self.signals = signals;
            pats.push(self.lower_pat(&alternative));
            let bound = std::mem::take(&mut self.names.bound);
            let span = self.scope.span(&alternative);
            match &first {
                None => first = Some((bound, span)),
                Some((names, first_span)) => {
                    let missing = names.iter().find(|n| bound.iter().all(|b| b.0 != n.0)).map(|n| (n, span));
                    let extra =
                        bound.iter().find(|b| names.iter().all(|n| n.0 != b.0)).map(|b| (b, *first_span));
                    if let Some((name, lacking)) = missing.or(extra) {
                        self.low.diags.push(problems::alternatives_differ(name.0, name.2, lacking));
                    }
                }
            }
        }
        self.names.shared = outer;
        self.names.bound = before;
        for (name, local, span) in first.map(|f| f.0).unwrap_or_default() {
            if let Some(earlier) = self.names.bound.iter().find(|b| b.0 == name) {
                let problem = problems::name_repeats(name, span, earlier.2);
                self.low.diags.push(problem);
                continue;
            }
            self.names.bound.push((name, local, span));
        }
        Pat::Or(pats)
    }
}
