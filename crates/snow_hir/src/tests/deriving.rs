//! Derived impls and their mistakes.

use expect_test::{Expect, expect};

use super::{STD, check_messages, lower};
use crate::pretty_fn;

/// Compares the methods derived for the one type of a module.
fn check_derived(source: &str, expect: Expect) {
    let (program, messages) = lower(STD, &[("Main", source)]);
    let impls = program.impls.values().filter(|i| i.derived.is_some());
    let methods: String = impls.flat_map(|i| &i.methods).map(|&m| pretty_fn(&program, m)).collect();
    expect.assert_eq(&format!("{messages}{methods}"));
}

#[test]
fn structs() {
    check_derived(
        "struct Point<T> do x :: T, y :: Int = 1 end deriving(Eq, Ord, Hash, Display, Debug, Default)",
        expect![[r#"
            fn eq(self, other :: Self) -> Bool
              self#2, other#3 -> ((self#2.x Eq other#3.x) and (self#2.y Eq other#3.y))
            fn compare(self, other :: Self) -> Ordering
              self#2, other#3 -> do
                  case <Ord.compare>(self#2.x, other#3.x) do
                    Ordering.Equal() -> ()
                    different#4 -> return different#4 end
                  => <Ord.compare>(self#2.y, other#3.y) end
            fn hash(self) -> Int
              self#1 -> do
                  let hash#2 = Derive.hash_int(0)
                  let hash#3 = Derive.hash_combine(hash#2, <Hash.hash>(self#1.x))
                  let hash#4 = Derive.hash_combine(hash#3, <Hash.hash>(self#1.y))
                  => hash#4 end
            fn to_string(self) -> String
              self#1 -> "Point(${self#1.x}, ${self#1.y})"
            fn inspect(self) -> String
              self#1 -> "Point { x: ${<Debug.inspect>(self#1.x)}, y: ${<Debug.inspect>(self#1.y)} }"
            fn default() -> Self
            Point { x: <Default.default>() }
        "#]],
    );
}

#[test]
fn sum_types() {
    check_derived(
        "type Shape do Circle(Int)\nRect(width :: Int, height :: Int)\nDot end",
        expect![[r#"
            fn eq(self, other :: Self) -> Bool
              self#2, other#3 -> case (self#2, other#3) do
                  (Shape.Circle(a0#4), Shape.Circle(b0#5)) -> (a0#4 Eq b0#5)
                  (Shape.Rect(a0#6, a1#7), Shape.Rect(b0#8, b1#9)) -> ((a0#6 Eq b0#8) and (a1#7 Eq b1#9))
                  _ -> (Derive.variant_index(self#2) Eq Derive.variant_index(other#3)) end
            fn compare(self, other :: Self) -> Ordering
              self#2, other#3 -> case (self#2, other#3) do
                  (Shape.Circle(a0#4), Shape.Circle(b0#5)) -> <Ord.compare>(a0#4, b0#5)
                  (Shape.Rect(a0#6, a1#7), Shape.Rect(b0#8, b1#9)) -> do
                      case <Ord.compare>(a0#6, b0#8) do
                        Ordering.Equal() -> ()
                        different#10 -> return different#10 end
                      => <Ord.compare>(a1#7, b1#9) end
                  _ -> Derive.compare_index(Derive.variant_index(self#2), Derive.variant_index(other#3)) end
            fn hash(self) -> Int
              self#1 -> case self#1 do
                  Shape.Circle(a0#2) -> do
                      let hash#3 = Derive.hash_int(0)
                      let hash#4 = Derive.hash_combine(hash#3, <Hash.hash>(a0#2))
                      => hash#4 end
                  Shape.Rect(a0#5, a1#6) -> do
                      let hash#7 = Derive.hash_int(1)
                      let hash#8 = Derive.hash_combine(hash#7, <Hash.hash>(a0#5))
                      let hash#9 = Derive.hash_combine(hash#8, <Hash.hash>(a1#6))
                      => hash#9 end
                  Shape.Dot() -> do
                      let hash#10 = Derive.hash_int(2)
                      => hash#10 end end
            fn to_string(self) -> String
              self#1 -> case self#1 do
                  Shape.Circle(a0#2) -> "Circle(${a0#2})"
                  Shape.Rect(a0#3, a1#4) -> "Rect(${a0#3}, ${a1#4})"
                  Shape.Dot() -> "Dot" end
            fn inspect(self) -> String
              self#1 -> case self#1 do
                  Shape.Circle(a0#2) -> "Circle(${<Debug.inspect>(a0#2)})"
                  Shape.Rect(a0#3, a1#4) -> "Rect(width: ${<Debug.inspect>(a0#3)}, height: ${<Debug.inspect>(a1#4)})"
                  Shape.Dot() -> "Dot" end
        "#]],
    );
}

#[test]
fn enumerations() {
    check_derived(
        "type Color do Red\nGreen end deriving(Eq, Ord, Hash, Default)",
        expect![[r#"
        fn eq(self, other :: Self) -> Bool
          self#2, other#3 -> (Derive.variant_index(self#2) Eq Derive.variant_index(other#3))
        fn compare(self, other :: Self) -> Ordering
          self#2, other#3 -> Derive.compare_index(Derive.variant_index(self#2), Derive.variant_index(other#3))
        fn hash(self) -> Int
          self#1 -> Derive.hash_int(Derive.variant_index(self#1))
        fn default() -> Self
        Color.Red
    "#]],
    );
}

#[test]
fn mistakes() {
    check_messages(
        "interface Loud do fn loud(self) end\nstruct A do x :: Int end deriving(Ord)\n\
         struct B do x :: Int end deriving(Loud)\nstruct C do x :: Int end deriving(Display, Display)\n\
         impl Display for C do fn to_string(self) -> String = \"\" end\ntype D do V(Int) end deriving(Default)\n\
         struct E do x :: Int end deriving(Json, Int, Nothing)",
        expect![[r#"
            E0551 main.snow:2:35 `Ord` can't be derived without `Eq` [write `deriving(Eq, Ord)`]
            E0550 main.snow:3:35 `Loud` can't be derived [write an `impl Loud for …`]
            E0552 main.snow:4:35 `Display` is derived and implemented [remove `Display` from the `deriving` clause, or the impl]
            E0201 main.snow:4:44 `Display` stands twice in this `deriving` clause
            E0553 main.snow:6:31 `Default` can be derived only where the first variant has no parts [put a variant without parts first, or write an `impl Default for …`]
            E0901 main.snow:7:35 `deriving(Json)` is not supported yet
            E0216 main.snow:7:41 `Int` is a type, not an interface
            E0205 main.snow:7:46 unknown interface `Nothing`
        "#]],
    );
}
