//! What the value of a handler means.

/// The kind of a handler, which says how its value becomes a `Service.Step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    /// `call`: the reply and the new state, `stop(reply, reason)` or `no_reply(state)`.
    Call,
    /// `cast` and `info`: the new state, or `stop(reason)`.
    Cast,
}

/// The parameter of a call's handler that holds its caller's address.
pub(crate) const CALLER: &str = "_caller_";
