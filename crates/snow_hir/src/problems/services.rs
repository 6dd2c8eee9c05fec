//! Mistakes in services, supervisors and signals.

use snow_base::{Name, Span, TextRange};
use snow_diagnostics::Diagnostic;

/// A service without `init`.
pub(crate) fn no_init(name: Name, span: Span) -> Diagnostic {
    Diagnostic::error("E0620", format!("service `{name}` has no `init`"), span)
        .with_help("add `fn init() do … end`: it gives the first state")
}

/// A call whose function would hide one that every service has.
pub(crate) fn reserved_call(name: Name, function: &str, span: Span) -> Diagnostic {
    Diagnostic::error("E0621", format!("`{name}` can't be a request: every service has `{function}`"), span)
        .with_help("give it another name")
}

/// An argument of a request without a type.
pub(crate) fn untyped_argument(span: Span) -> Diagnostic {
    Diagnostic::error("E0622", "the argument of a request needs a type", span)
        .with_help("write it behind the name: `name :: Type`")
}

/// `|a, b|` in a handler.
pub(crate) fn two_states(span: Span) -> Diagnostic {
    Diagnostic::error("E0622", "a handler takes the state only", span)
        .with_help("a state of several values is a tuple or a struct: `|(a, b)|`")
}

/// An `info` that would take messages.
pub(crate) fn info_of_message(span: Span) -> Diagnostic {
    Diagnostic::error("E0623", "`info` takes system signals only", span)
        .with_help("the signals: `(:down, ref, pid, reason)`, `(:exit, pid, reason)`, `(:timer, ref)`, `(:nodedown, node)`, `(:nodeup, node)`; other messages are casts")
}

/// `stop` or `no_reply` in a form that the handler hasn't.
pub(crate) fn handler_word(name: Name, in_call: bool, span: Span) -> Diagnostic {
    let form = match (name.as_str(), in_call) {
        ("stop", true) => "in a call's handler it is `stop(reply, reason)`",
        ("stop", false) => "here it is `stop(reason)`",
        _ if in_call => "it is `no_reply(state)`",
        _ => "only a call has a reply to leave out",
    };
    Diagnostic::error("E0624", format!("`{name}` can't be used so"), span).with_help(form)
}

/// `Service.caller()` outside a call's handler.
pub(crate) fn no_caller(span: Span) -> Diagnostic {
    Diagnostic::error("E0624", "`Service.caller()` stands in the handler of a `call` only", span)
        .with_help("elsewhere pass the address on: `let to = Service.caller()` in the handler")
}

/// `receive` in a handler.
pub(crate) fn receive_in_handler(span: Span) -> Diagnostic {
    Diagnostic::error("E0625", "a handler can't `receive`: the service itself takes its messages", span)
        .with_help("take signals with `info`, and other messages as casts")
}

/// A signal's pattern with the wrong number of parts.
pub(crate) fn signal_parts(form: &str, span: Span) -> Diagnostic {
    Diagnostic::error("E0626", format!("this signal is `{form}`"), span)
        .with_help("write `_` for a part that isn't needed")
}

/// Signals and messages as alternatives.
pub(crate) fn mixed_signals(span: Span) -> Diagnostic {
    Diagnostic::error("E0626", "signals and messages can't be alternatives of one pattern", span)
        .with_help("write an arm for each")
}

/// `stop` or `no_reply` in a closure.
pub(crate) fn handler_word_in_closure(name: Name, span: Span) -> Diagnostic {
    Diagnostic::error("E0624", format!("`{name}` can't be used so"), span)
        .with_help("it is the last value of the handler itself, not of a closure in it")
}

/// A setting that supervisors or children don't have.
pub(crate) fn unknown_setting(what: &str, name: Name, allowed: &[&str], span: Span) -> Diagnostic {
    Diagnostic::error("E0630", format!("a {what} has no setting `{name}`"), span)
        .with_help(format!("the settings are: {}", allowed.join(", ")))
}

/// A setting given twice.
pub(crate) fn setting_twice(name: Name, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("E0630", format!("`{name}` is given twice"), span).with_label(first, "given here first")
}

/// A setting that must be there.
pub(crate) fn missing_setting(what: &str, setting: &str, span: Span) -> Diagnostic {
    Diagnostic::error("E0630", format!("this {what} has no `{setting}`"), span)
}

/// A value that isn't one of the allowed ones.
pub(crate) fn unknown_value(setting: &str, value: &str, allowed: &str, span: Span) -> Diagnostic {
    Diagnostic::error("E0631", format!("unknown {setting} `{value}`: it is {allowed}"), span)
}

/// A child's `start` that is no closure.
pub(crate) fn start_is_closure(span: Span, called: bool) -> Diagnostic {
    let at = |at| Span::new(span.file, TextRange::empty(at));
    let (start, end) = (span.text_range().start(), span.text_range().end());
    let edits =
        vec![(at(start), "fn -> ".to_owned()), (at(end), if called { " end" } else { "() end" }.to_owned())];
    Diagnostic::error("E0631", "`start` is a closure that starts the child and gives its pid", span)
        .with_fix("put it into a closure", edits)
}

/// A child's `start` with parameters where nobody gives them.
pub(crate) fn start_parameters(span: Span) -> Diagnostic {
    Diagnostic::error("E0631", "this `start` takes no parameters: nobody would give them", span)
        .with_help("only a child of `simple_one_for_one` takes parameters, those of `start_child`")
}

/// `simple_one_for_one` with another number of children than one.
pub(crate) fn one_kind_of_child(span: Span) -> Diagnostic {
    Diagnostic::error("E0632", "a supervisor with `simple_one_for_one` has one kind of child", span)
        .with_help("describe it with one `child`, and start as many as needed with `start_child`")
}

/// Two children of one name, or a child with a name that is taken.
pub(crate) fn child_name(name: Name, span: Span) -> Diagnostic {
    Diagnostic::error("E0632", format!("`{name}` can't be a child's name: it is taken"), span)
        .with_help("give the child another name")
}
