//! Trees of items, members and types.

use expect_test::expect;

use super::check;

#[test]
fn functions() {
    check(
        r##"fn main() do end
pub fn f<A, B>(a :: A, b = 1) -> B where A: Show + Eq, B: From<A> when a do b end
fn g(0) = 1
@runtime("sys_x") fn h(a :: Int) -> Int
@lang("add")
pub fn or(self) = self"##,
        expect![[r#"
            (FN_ITEM fn (NAME main) (PARAM_LIST ( )) do (BLOCK) end)
            (FN_ITEM pub fn (NAME f) (GENERIC_PARAMS < (NAME A) , (NAME B) >) (PARAM_LIST ( (PARAM (NAME_PAT a) :: (PATH_TYPE (PATH A))) , (PARAM (NAME_PAT b) = (LITERAL 1)) )) (RET_TYPE -> (PATH_TYPE (PATH B))) (WHERE_CLAUSE where (WHERE_PRED (NAME A) : (PATH_TYPE (PATH Show)) + (PATH_TYPE (PATH Eq))) , (WHERE_PRED (NAME B) : (PATH_TYPE (PATH From) (TYPE_ARGS < (PATH_TYPE (PATH A)) >)))) (GUARD when (NAME_EXPR a)) do (BLOCK (NAME_EXPR b)) end)
            (FN_ITEM fn (NAME g) (PARAM_LIST ( (PARAM (LITERAL_PAT (LITERAL 0))) )) = (LITERAL 1))
            (FN_ITEM (ATTR @ runtime ( (STRING_EXPR " sys_x ") )) fn (NAME h) (PARAM_LIST ( (PARAM (NAME_PAT a) :: (PATH_TYPE (PATH Int))) )) (RET_TYPE -> (PATH_TYPE (PATH Int))))
            (FN_ITEM (ATTR @ lang ( (STRING_EXPR " add ") )) pub fn (NAME or) (PARAM_LIST ( (PARAM (NAME_PAT self)) )) = (NAME_EXPR self))
        "#]],
    );
}

#[test]
fn types() {
    check(
        r##"type A = Map<String, List<Int>>
type B<E> = T?!E!F?
type C = Fun(Int, Int) -> Fun() -> Int!String
type D = ((), (A), (A, B), [Int])
type E = Geometry.Point<T>
@builtin("int") type Int
type F do A; B(Int, T), C
  D(w :: Float, h :: Float)
end deriving()"##,
        expect![[r#"
            (TYPE_ITEM type (NAME A) = (PATH_TYPE (PATH Map) (TYPE_ARGS < (PATH_TYPE (PATH String)) , (PATH_TYPE (PATH List) (TYPE_ARGS < (PATH_TYPE (PATH Int)) >)) >)))
            (TYPE_ITEM type (NAME B) (GENERIC_PARAMS < (NAME E) >) = (OPTION_TYPE (RESULT_TYPE (RESULT_TYPE (OPTION_TYPE (PATH_TYPE (PATH T)) ?) ! (PATH_TYPE (PATH E))) ! (PATH_TYPE (PATH F))) ?))
            (TYPE_ITEM type (NAME C) = (FN_TYPE Fun (FN_TYPE_PARAMS ( (PATH_TYPE (PATH Int)) , (PATH_TYPE (PATH Int)) )) -> (FN_TYPE Fun (FN_TYPE_PARAMS ( )) -> (RESULT_TYPE (PATH_TYPE (PATH Int)) ! (PATH_TYPE (PATH String))))))
            (TYPE_ITEM type (NAME D) = (TUPLE_TYPE ( (TUPLE_TYPE ( )) , (PAREN_TYPE ( (PATH_TYPE (PATH A)) )) , (TUPLE_TYPE ( (PATH_TYPE (PATH A)) , (PATH_TYPE (PATH B)) )) , (LIST_TYPE [ (PATH_TYPE (PATH Int)) ]) )))
            (TYPE_ITEM type (NAME E) = (PATH_TYPE (PATH Geometry . Point) (TYPE_ARGS < (PATH_TYPE (PATH T)) >)))
            (TYPE_ITEM (ATTR @ builtin ( (STRING_EXPR " int ") )) type (NAME Int))
            (TYPE_ITEM type (NAME F) do (VARIANT (NAME A)) ; (VARIANT (NAME B) ( (VARIANT_FIELD (PATH_TYPE (PATH Int))) , (VARIANT_FIELD (PATH_TYPE (PATH T))) )) , (VARIANT (NAME C)) (VARIANT (NAME D) ( (VARIANT_FIELD (NAME w) :: (PATH_TYPE (PATH Float))) , (VARIANT_FIELD (NAME h) :: (PATH_TYPE (PATH Float))) )) end (DERIVING deriving ( )))
        "#]],
    );
}

#[test]
fn structs() {
    check(
        r##"## A point.
## Two lines.
pub struct Point<T> do
  ## Its x.
  x :: Int
  y :: T = 1, z :: Int,
end deriving(Eq, Ord)
struct Empty do end"##,
        expect![[r#"
            (STRUCT_ITEM pub struct (NAME Point) (GENERIC_PARAMS < (NAME T) >) do (FIELD_DEF (NAME x) :: (PATH_TYPE (PATH Int))) (FIELD_DEF (NAME y) :: (PATH_TYPE (PATH T)) = (LITERAL 1)) , (FIELD_DEF (NAME z) :: (PATH_TYPE (PATH Int))) , end (DERIVING deriving ( (NAME Eq) , (NAME Ord) )))
            (STRUCT_ITEM struct (NAME Empty) do end)
        "#]],
    );
}

#[test]
fn interfaces_and_impls() {
    check(
        r##"interface Shape<T> do
  fn area(self) -> Float
  fn name(self) -> String do "x" end
  fn match(self)
end
impl Shape<Int> for Box<T> where T: Show do
  fn area(self) -> Float = 1.0
end"##,
        expect![[r#"
            (INTERFACE_ITEM interface (NAME Shape) (GENERIC_PARAMS < (NAME T) >) do (FN_ITEM fn (NAME area) (PARAM_LIST ( (PARAM (NAME_PAT self)) )) (RET_TYPE -> (PATH_TYPE (PATH Float)))) (FN_ITEM fn (NAME name) (PARAM_LIST ( (PARAM (NAME_PAT self)) )) (RET_TYPE -> (PATH_TYPE (PATH String))) do (BLOCK (STRING_EXPR " x ")) end) (FN_ITEM fn (NAME match) (PARAM_LIST ( (PARAM (NAME_PAT self)) ))) end)
            (IMPL_ITEM impl (PATH_TYPE (PATH Shape) (TYPE_ARGS < (PATH_TYPE (PATH Int)) >)) for (PATH_TYPE (PATH Box) (TYPE_ARGS < (PATH_TYPE (PATH T)) >)) (WHERE_CLAUSE where (WHERE_PRED (NAME T) : (PATH_TYPE (PATH Show)))) do (FN_ITEM fn (NAME area) (PARAM_LIST ( (PARAM (NAME_PAT self)) )) (RET_TYPE -> (PATH_TYPE (PATH Float))) = (LITERAL 1.0)) end)
        "#]],
    );
}

#[test]
fn actors_and_services() {
    check(
        r##"actor counter(n :: Int) do
  receive do
    A -> counter(n)
  end
terminate do
  f(n)
end
end
service S do
  fn init(a) = a
  call Get(k :: Int) :: Int? do |n| (n, n) end
  cast Reset() do |_| 0 end
  info (:down, r, _, _) do |n|
    n
  end
end
supervisor App do
  strategy: one_for_one
  max_restarts: 3
  child w do
    start: fn -> f() end
    restart: permanent
  end
end"##,
        expect![[r#"
            (ACTOR_ITEM actor (NAME counter) (PARAM_LIST ( (PARAM (NAME_PAT n) :: (PATH_TYPE (PATH Int))) )) do (BLOCK (RECEIVE_EXPR receive do (MATCH_ARM (CONSTRUCTOR_PAT (PATH A)) -> (BLOCK (CALL_EXPR (NAME_EXPR counter) (ARG_LIST ( (ARG (NAME_EXPR n)) ))))) end)) (TERMINATE terminate do (BLOCK (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( (ARG (NAME_EXPR n)) )))) end) end)
            (SERVICE_ITEM service (NAME S) do (FN_ITEM fn (NAME init) (PARAM_LIST ( (PARAM (NAME_PAT a)) )) = (NAME_EXPR a)) (CALL_HANDLER call (NAME Get) (PARAM_LIST ( (PARAM (NAME_PAT k) :: (PATH_TYPE (PATH Int))) )) :: (OPTION_TYPE (PATH_TYPE (PATH Int)) ?) do (BLOCK_PARAMS | (PARAM (NAME_PAT n)) |) (BLOCK (TUPLE_EXPR ( (NAME_EXPR n) , (NAME_EXPR n) ))) end) (CAST_HANDLER cast (NAME Reset) (PARAM_LIST ( )) do (BLOCK_PARAMS | (PARAM (WILDCARD_PAT _)) |) (BLOCK (LITERAL 0)) end) (INFO_HANDLER info (TUPLE_PAT ( (LITERAL_PAT (LITERAL :down)) , (NAME_PAT r) , (WILDCARD_PAT _) , (WILDCARD_PAT _) )) do (BLOCK_PARAMS | (PARAM (NAME_PAT n)) |) (BLOCK (NAME_EXPR n)) end) end)
            (SUPERVISOR_ITEM supervisor (NAME App) do (SUPERVISOR_FIELD (NAME strategy) : (NAME_EXPR one_for_one)) (SUPERVISOR_FIELD (NAME max_restarts) : (LITERAL 3)) (CHILD child (NAME w) do (SUPERVISOR_FIELD (NAME start) : (FN_EXPR fn (FN_CLAUSE (PARAM_LIST) -> (BLOCK (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( ))))) end)) (SUPERVISOR_FIELD (NAME restart) : (NAME_EXPR permanent)) end) end)
        "#]],
    );
}

#[test]
fn modules_and_imports() {
    check(
        r##"import Math.Vector as V
from Math.Vector import add, Point,
  sub
from A import {
  a, B
}
module Inner do
  fn f() = 1
  let x :: Int = 2
end
test "it works" do assert(true) end"##,
        expect![[r#"
            (IMPORT_ITEM import (PATH Math . Vector) as (NAME V))
            (FROM_IMPORT_ITEM from (PATH Math . Vector) import (NAME add) , (NAME Point) , (NAME sub))
            (FROM_IMPORT_ITEM from (PATH A) import { (NAME a) , (NAME B) })
            (MODULE_ITEM module (NAME Inner) do (FN_ITEM fn (NAME f) (PARAM_LIST ( )) = (LITERAL 1)) (LET_ITEM let (NAME x) :: (PATH_TYPE (PATH Int)) = (LITERAL 2)) end)
            (TEST_ITEM test (STRING_EXPR " it works ") do (BLOCK (CALL_EXPR (NAME_EXPR assert) (ARG_LIST ( (ARG (LITERAL true)) )))) end)
        "#]],
    );
}
