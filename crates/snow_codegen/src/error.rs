//! What can go wrong: nothing that a user's program causes.

use std::fmt;

/// An error of the compiler itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodegenError {
    /// LLVM refused something.
    Llvm(String),
    /// The MIR contradicts itself.
    Mir(String),
}

impl fmt::Display for CodegenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CodegenError::Llvm(text) => write!(f, "internal error: LLVM: {text}"),
            CodegenError::Mir(text) => write!(f, "internal error: inconsistent program: {text}"),
        }
    }
}

impl std::error::Error for CodegenError {}

impl From<inkwell::builder::BuilderError> for CodegenError {
    fn from(error: inkwell::builder::BuilderError) -> CodegenError {
        CodegenError::Llvm(error.to_string())
    }
}

impl From<inkwell::support::LLVMString> for CodegenError {
    fn from(error: inkwell::support::LLVMString) -> CodegenError {
        CodegenError::Llvm(error.to_string())
    }
}

/// Results of this crate.
pub(crate) type Res<T> = Result<T, CodegenError>;

/// An inconsistency in the MIR.
pub(crate) fn bad<T>(text: impl Into<String>) -> Res<T> {
    Err(CodegenError::Mir(text.into()))
}
