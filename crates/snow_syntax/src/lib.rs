//! Lexer, parser, lossless syntax tree and typed AST of Snow.
