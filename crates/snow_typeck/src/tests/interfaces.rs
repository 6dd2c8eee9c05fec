//! Interfaces: impls, defaults, conditions, deriving, ambiguity.

use expect_test::expect;

use super::{check_errors, check_signatures};

#[test]
fn methods_are_found() {
    check_signatures(
        r#"
interface Shape do
  fn area(self) -> Float
  fn describe(self) -> String do "area ${self.area()}" end
end
struct Square do side :: Float end
impl Shape for Square do
  fn area(self) do self.side * self.side end
end
impl Shape for List<T> where T: Shape do
  fn area(self) -> Float do List.reduce(self, 0.0, fn acc, s -> acc + s.area() end) end
end
fn grow(s :: Square, by) = Square { side: s.side * by }
fn total<T>(xs :: List<T>) -> Float where T: Shape = xs.area()
fn uses(s :: Square) = (s.describe(), [s].area(), s.grow(2.0), Shape.area(s), total([s]), [1].length())
"#,
        &expect![[r#"
            grow(Square, Float) -> Square
            total(List<T>) -> Float where T: Shape
            uses(Square) -> (String, Float, Square, Float, Float, Int)
        "#]],
    );
}

#[test]
fn impls_must_fit() {
    check_errors(
        r#"
interface Loud do
  fn loud(self) -> String
  fn louder(self, n :: Int) -> String
end
impl Loud for Int do
  fn loud(self) -> Int do self end
  fn quiet(self) -> Int do self end
end
impl Loud for Bool do
  fn loud(self) -> String do "b" end
  fn louder(self, n) do "${n}" end
end
impl Loud for Bool do
  fn loud(self) -> String do "b" end
  fn louder(self, _n) do "" end
end
fn f<T>(x :: T) -> String = x.loud()
fn g<T>(x :: T) -> String = "${x}"
fn h() = 1.5.loud()
"#,
        &expect![[r#"
            E0506 7:20 the interface says `String` here, not `Int`
            E0505 8:6 interface `Loud` has no method `quiet`
            E0503 14:6 `Loud` is implemented twice for `Bool`
            E0308 18:31 no method `loud` on type `T`
            E0501 19:32 `T` can't be put into a string: it has no `Display`
            E0308 20:14 no method `loud` on type `Float`
        "#]],
    );
}
