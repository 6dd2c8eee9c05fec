//! Values of literals and what accessors give.

use expect_test::expect;

use super::tree;
use crate::AstNode;
use crate::ast::{self, HasHead, HasName, Item, Literal};

#[test]
fn literals_have_values() {
    let file = tree("let x = [1_000, 0xff, 0b11, -5, -9223372036854775808, 1.5e3, -0.5, true, :ok]");
    let values =
        file.descendants().filter_map(Literal::cast).map(|l| format!("{:?}\n", l.value().expect("a value")));
    expect![[r#"
        Int(Some(1000))
        Int(Some(255))
        Int(Some(3))
        Int(Some(-5))
        Int(Some(-9223372036854775808))
        Float(Some(1500.0))
        Float(Some(-0.5))
        Bool(true)
        Atom(`ok`)
    "#]]
    .assert_eq(&values.collect::<String>());
}

#[test]
fn items_have_docs_and_names() {
    let text = "##! About.\n\n## Adds.\n##\n##  Fast.\n@lang(\"add\")\npub fn add(a) = a\n# no\nlet c = 1\n";
    let file = ast::SourceFile::cast(tree(text)).expect("a file");
    assert_eq!(file.module_doc().as_deref(), Some("About."));
    let items: Vec<Item> = file.items().collect();
    let Item::Fn(add) = &items[0] else { panic!("a function") };
    assert_eq!(add.doc().as_deref(), Some("Adds.\n\n Fast."));
    assert_eq!(add.name().expect("a name").text(), "add");
    assert!(add.is_pub() && add.attr("lang").is_some() && add.attr("x").is_none());
    assert!(items[1].doc().is_none() && !items[1].is_pub());
    assert_eq!(&text[ast::HasSpan::span(add, snow_base::FileId(0)).text_range()][..5], "@lang");
}

#[test]
fn parts_of_an_impl_are_told_apart() {
    let file = tree("impl From<A> for B where T: C do end");
    let item = file.descendants().find_map(ast::ImplItem::cast).expect("an impl");
    assert_eq!(item.interface().expect("an interface").syntax().text(), "From<A>");
    assert_eq!(item.self_type().expect("a type").syntax().text(), "B");
}

#[test]
fn keys_and_values_are_told_apart() {
    let file = tree("let x = %{a => b, c: d}");
    let entries = file.descendants().filter_map(ast::MapEntry::cast).map(|e| {
        let text = |e: Option<ast::Expr>| e.map(|e| e.syntax().text().to_string());
        (text(e.key()), e.name().map(|n| n.text().to_string()), text(e.value()))
    });
    expect![[r#"
        [
            (
                Some(
                    "a",
                ),
                None,
                Some(
                    "b",
                ),
            ),
            (
                None,
                Some(
                    "c",
                ),
                Some(
                    "d",
                ),
            ),
        ]
    "#]]
    .assert_debug_eq(&entries.collect::<Vec<_>>());
}
