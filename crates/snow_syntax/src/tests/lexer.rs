//! Tokens.

use expect_test::{Expect, expect};
use snow_base::FileId;

use crate::lexer::lex;

fn check(text: &str, expect: Expect) {
    let lexed = lex(text, FileId(0));
    let mut out = String::new();
    for pair in lexed.tokens.windows(2) {
        let piece = &text[pair[0].start as usize..pair[1].start as usize];
        if pair[0].kind != crate::SyntaxKind::WHITESPACE {
            out.push_str(&format!("{:?} {piece:?}\n", pair[0].kind));
        }
    }
    for error in &lexed.errors {
        let range = error.diagnostic.span().text_range();
        out.push_str(&format!("{range:?} {}\n", error.diagnostic.message));
    }
    expect.assert_eq(&out);
}

#[test]
fn numbers() {
    check(
        r##"1_000 0xff 0o17 0b10 3.14 1e9 2.5e-3 1..2 1.foo t.0.1 1."##,
        expect![[r#"
        INT "1_000"
        INT "0xff"
        INT "0o17"
        INT "0b10"
        FLOAT "3.14"
        FLOAT "1e9"
        FLOAT "2.5e-3"
        INT "1"
        DOT2 ".."
        INT "2"
        INT "1"
        DOT "."
        IDENT "foo"
        IDENT "t"
        DOT "."
        INT "0"
        DOT "."
        INT "1"
        INT "1"
        DOT "."
    "#]],
    );
}

#[test]
fn wrong_numbers() {
    check(
        r##"0b12 0x 12ab 1e999"##,
        expect![[r#"
        INT "0b12"
        INT "0x"
        INT "12ab"
        FLOAT "1e999"
        0..4 after `0b` stand the digits 0 and 1
        5..7 after `0x` stand the digits 0 to f
        8..12 this is no number
        13..18 this number is too large for a Float
    "#]],
    );
}

#[test]
fn names_and_atoms() {
    check(
        r##"x _y _ Foo end ende :ok x:1 T:Show f(:a) a::b "k": :match"##,
        expect![[r#"
        IDENT "x"
        IDENT "_y"
        UNDERSCORE "_"
        TYPE_IDENT "Foo"
        END_KW "end"
        IDENT "ende"
        ATOM ":ok"
        IDENT "x"
        COLON ":"
        INT "1"
        TYPE_IDENT "T"
        COLON ":"
        TYPE_IDENT "Show"
        IDENT "f"
        L_PAREN "("
        ATOM ":a"
        R_PAREN ")"
        IDENT "a"
        COLON2 "::"
        IDENT "b"
        STRING_START "\""
        STRING_TEXT "k"
        STRING_END "\""
        COLON ":"
        ATOM ":match"
    "#]],
    );
}

#[test]
fn comments() {
    check(
        r##"# a
## b
##! c
### d
#= e #= f =# g =# x #== h =#"##,
        expect![[r####"
            COMMENT "# a"
            NEWLINE "\n"
            DOC_COMMENT "## b"
            NEWLINE "\n"
            MODULE_DOC "##! c"
            NEWLINE "\n"
            COMMENT "### d"
            NEWLINE "\n"
            BLOCK_COMMENT "#= e #= f =# g =#"
            IDENT "x"
            COMMENT "#== h =#"
        "####]],
    );
}

#[test]
fn strings() {
    check(
        r##""a${b}c" "\n\$" "${"x"}" "$a" "${ %{a: {1, 2}} }""##,
        expect![[r#"
        STRING_START "\""
        STRING_TEXT "a"
        INTERP_START "${"
        IDENT "b"
        INTERP_END "}"
        STRING_TEXT "c"
        STRING_END "\""
        STRING_START "\""
        STRING_TEXT "\\n\\$"
        STRING_END "\""
        STRING_START "\""
        INTERP_START "${"
        STRING_START "\""
        STRING_TEXT "x"
        STRING_END "\""
        INTERP_END "}"
        STRING_END "\""
        STRING_START "\""
        STRING_TEXT "$a"
        STRING_END "\""
        STRING_START "\""
        INTERP_START "${"
        MAP_OPEN "%{"
        IDENT "a"
        COLON ":"
        L_BRACE "{"
        INT "1"
        COMMA ","
        INT "2"
        R_BRACE "}"
        R_BRACE "}"
        INTERP_END "}"
        STRING_END "\""
    "#]],
    );
}

#[test]
fn wrong_strings() {
    check(
        r##""\q \u{110000}" "abc
"x${y "z
"##,
        expect![[r#"
            STRING_START "\""
            STRING_TEXT "\\q \\u{110000}"
            STRING_END "\""
            STRING_START "\""
            STRING_TEXT "abc"
            NEWLINE "\n"
            STRING_START "\""
            STRING_TEXT "x"
            INTERP_START "${"
            IDENT "y"
            STRING_START "\""
            STRING_TEXT "z"
            NEWLINE "\n"
            1..3 there is no escape `\q`
            4..14 `\u{110000}` is no character: write `\u{1F600}`
            16..20 this string is not closed
            27..29 this string is not closed
        "#]],
    );
}

#[test]
fn operators() {
    check(
        r##"+ - * / % == != < > <= >= && || ! |> .. ..= <> ++ = -> => :: ? | . , %{ @ ; :"##,
        expect![[r#"
            PLUS "+"
            MINUS "-"
            STAR "*"
            SLASH "/"
            PERCENT "%"
            EQ2 "=="
            NEQ "!="
            LT "<"
            GT ">"
            LE "<="
            GE ">="
            AMP2 "&&"
            PIPE2 "||"
            BANG "!"
            PIPE_GT "|>"
            DOT2 ".."
            DOT2_EQ "..="
            DIAMOND "<>"
            PLUS2 "++"
            EQ "="
            ARROW "->"
            FAT_ARROW "=>"
            COLON2 "::"
            QUESTION "?"
            PIPE "|"
            DOT "."
            COMMA ","
            MAP_OPEN "%{"
            AT "@"
            SEMI ";"
            COLON ":"
        "#]],
    );
}

#[test]
fn unknown() {
    check(
        r##"a ~ b 'x' & "##,
        expect![[r#"
            IDENT "a"
            ERROR_TOKEN "~"
            IDENT "b"
            ERROR_TOKEN "'x'"
            AMP "&"
            2..3 `~` means nothing here
        "#]],
    );
}
