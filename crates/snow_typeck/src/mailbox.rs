//! Mailboxes: which functions need one, and of which message type.
//!
//! A call of a function whose group isn't finished is remembered as an [`Edge`]; when the group is finished, mailboxes
//! flow from callees to callers until nothing changes.

use std::rc::Rc;

use snow_base::Span;
use snow_diagnostics::Diagnostic;
use snow_hir::{BodyId, FnId};

use crate::checker::{Checker, FnState, Frame};
use crate::infer::{MailboxCx, NoMailbox};
use crate::ty::Ty;

/// A use of a function whose mailbox isn't known yet.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    /// The function used.
    pub(crate) callee: FnId,
    /// Where it is used.
    pub(crate) from: EdgeUse,
    /// The place.
    pub(crate) span: Span,
    /// The body around.
    pub(crate) body: BodyId,
}

/// How a function whose mailbox isn't known yet is used.
#[derive(Clone, Debug)]
pub(crate) enum EdgeUse {
    /// Called, where this mailbox is.
    Call(MailboxCx),
    /// As a value.
    Value,
    /// Spawned: the message type of the process.
    Spawn(Ty),
}

impl Checker<'_> {
    /// Lets mailboxes flow along the calls inside a group.
    pub(crate) fn propagate_mailboxes(&mut self, frame: &mut Frame) {
        let mut edges = std::mem::take(&mut frame.edges);
        loop {
            let before = edges.len();
            let mut rest = vec![];
            for edge in edges {
                match self.running_mailbox(edge.callee) {
                    Some(message) => self.apply_edge(&edge, message),
                    None => rest.push(edge),
                }
            }
            edges = rest;
            if edges.len() == before {
                return;
            }
        }
    }

    /// The message type of a function of an unfinished group that has a mailbox.
    fn running_mailbox(&self, f: FnId) -> Option<Ty> {
        match self.fns.get(&f) {
            Some(FnState::Running(running)) => running.uses_mailbox.map(|_| running.mailbox),
            _ => self.typed.sigs.get(&f).and_then(|sig| sig.mailbox),
        }
    }

    fn apply_edge(&mut self, edge: &Edge, message: Ty) {
        let before = self.diags.len();
        self.take_edge(edge, message);
        if self.diags.len() > before {
            self.memo.bad_bodies.insert(edge.body);
        }
    }

    fn take_edge(&mut self, edge: &Edge, message: Ty) {
        match &edge.from {
            EdgeUse::Value => self.report_mailbox_value(edge.callee, edge.span),
            EdgeUse::Spawn(ty) => {
                self.join_mailboxes((*ty, None), (message, edge.callee), edge.span);
            }
            EdgeUse::Call(cx) => {
                let first = self.first_use(cx);
                if let Some(mine) = self.use_mailbox(cx, edge.span, Some(edge.callee)) {
                    self.join_mailboxes((mine, first), (message, edge.callee), edge.span);
                }
            }
        }
    }

    /// The message type of the mailbox that code at this place has; an error where it has none.
    pub(crate) fn use_mailbox(&mut self, cx: &MailboxCx, span: Span, callee: Option<FnId>) -> Option<Ty> {
        match cx {
            MailboxCx::Own(f) => {
                let Some(FnState::Running(running)) = self.fns.get_mut(f) else { return None };
                if running.uses_mailbox.is_none()
                    && let Some(running) = Rc::get_mut(running)
                {
                    running.uses_mailbox = Some(span);
                } else if running.uses_mailbox.is_none() {
                    let mut marked = running.clone_fields();
                    marked.uses_mailbox = Some(span);
                    *running = Rc::new(marked);
                }
                Some(running.mailbox)
            }
            MailboxCx::Process(ty) => Some(*ty),
            MailboxCx::None(why) => {
                self.report_no_mailbox(*why, span, callee);
                None
            }
        }
    }

    /// Where the function at this place uses its mailbox first, as far as is known.
    pub(crate) fn first_use(&self, cx: &MailboxCx) -> Option<Span> {
        match cx {
            MailboxCx::Own(f) => match self.fns.get(f)? {
                FnState::Running(running) => running.uses_mailbox,
                _ => None,
            },
            _ => None,
        }
    }

    /// A function is used at `span` and shares the mailbox there, which is used at `first` too.
    pub(crate) fn join_mailboxes(
        &mut self,
        (mine, first): (Ty, Option<Span>),
        (theirs, callee): (Ty, FnId),
        span: Span,
    ) {
        if self.table.unify(mine, theirs).is_ok() {
            return;
        }
        let texts = self.show_all(&[mine, theirs]);
        let (mine, theirs) = (&texts[0], &texts[1]);
        let def = &self.program.fns[callee];
        let message = format!(
            "mismatch: `{}` takes messages of type `{theirs}`, but the process around takes `{mine}`",
            def.name
        );
        let mut error = Diagnostic::error("E0613", message, span);
        if let Some(first) = first.filter(|first| *first != span) {
            error = error.with_label(first, format!("here it takes `{mine}`"));
        }
        self.diags.push(error.with_label(def.span, format!("takes `{theirs}`")));
    }

    fn report_no_mailbox(&mut self, why: NoMailbox, span: Span, callee: Option<FnId>) {
        let what = match callee {
            Some(f) => {
                format!("`{}` uses the mailbox of the process that calls it", self.program.fns[f].name)
            }
            None => "`self()` and `receive` need the mailbox of a process".to_owned(),
        };
        let place = match why {
            NoMailbox::Closure => "a closure has none",
            NoMailbox::Guard => "a guard has none",
            NoMailbox::Default => "a default has none",
            NoMailbox::Const => "a constant has none",
            NoMailbox::Method => "a method of an interface has none",
        };
        let mut error = Diagnostic::error("E0610", format!("{what}, and {place}"), span);
        if why == NoMailbox::Closure {
            error = error.with_help("bind `let me = self()` outside of the closure and use `me` in it");
        }
        self.diags.push(error);
    }

    /// A function with a mailbox can be called and spawned, but isn't a value.
    pub(crate) fn report_mailbox_value(&mut self, f: FnId, span: Span) {
        let name = self.program.fns[f].name;
        let message = format!("`{name}` uses the mailbox of its process, so it can't be passed as a value");
        let error = Diagnostic::error("E0611", message, span).with_help("it can be called and spawned");
        self.diags.push(error);
    }
}
