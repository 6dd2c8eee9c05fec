//! The pieces of strings.

use expect_test::{Expect, expect};

use super::tree;
use crate::AstNode;
use crate::ast::{StrPart, StringExpr};

fn check(string: &str, expect: Expect) {
    let file = tree(&format!("fn f() = {string}"));
    let string = file.descendants().find_map(StringExpr::cast).expect("a string");
    let parts = string.parts().into_iter().map(|part| match part {
        StrPart::Text(text) => format!("{text:?}"),
        StrPart::Expr(expr) => format!("${{{}}}", expr.expect("an expression").syntax().text()),
    });
    expect.assert_eq(&parts.collect::<Vec<_>>().join(" "));
}

#[test]
fn pieces_are_cooked() {
    check(r#""""#, expect![[""]]);
    check(r#""a\n\t\\ \" \$ \u{1F600} $x""#, expect![[r#""a\n\t\\ \" $ 😀 $x""#]]);
    check(r#""a${b}${c + 1}d""#, expect![[r#""a" ${b} ${c + 1} "d""#]]);
    check(r#""${"in ${x}"}""#, expect![[r#"${"in ${x}"}"#]]);
}

#[test]
fn indentation_is_removed() {
    check("\"\"\"\n  a\n    b\n\n  c ${x}\n  d\n  \"\"\"", expect![[r#""a\n  b\n\nc " ${x} "\nd""#]]);
    check("\"\"\"\n\"\"\"", expect![[""]]);
    check("\"\"\"\n  ${x}\n  \"\"\"", expect!["${x}"]);
    check("\"\"\"\r\n  a \"q\"\r\n  b\r\n  \"\"\"", expect![[r#""a \"q\"\nb""#]]);
}
