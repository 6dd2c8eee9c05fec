//! What the lexer and parser must give for given texts.
