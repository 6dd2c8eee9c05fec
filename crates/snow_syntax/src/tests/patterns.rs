//! Trees of patterns.

use expect_test::expect;

use super::{check, check_stmts};

#[test]
fn in_arms() {
    check_stmts(
        r##"case x do
  _ -> 1
  -1 | 1 -> 1
  1..=9 -> 1
  -5..-1 -> 1
  "a" <> rest -> 1
  "say " <> "x" -> 1
  :a -> 1
  true -> 1
  () -> 1
  (a, b) -> 1
  {a, b} -> 1
  (a | b) -> 1
  None -> 1
  Shape.Circle(r) -> 1
  Rect(width: w, ..) -> 1
  Point { x, y: 0 } -> 1
  Point { x, .. } -> 1
  [a, .., z] -> 1
  [h, ..t] -> 1
  h :: t :: u -> 1
  %{"a" => x, b: y} -> 1
  A(x) | B(x) as whole when x -> 1
  (x :: xs, y) -> 1
end"##,
        expect![[r#"
            (CASE_EXPR case (NAME_EXPR x) do (MATCH_ARM (WILDCARD_PAT _) -> (BLOCK (LITERAL 1))) (MATCH_ARM (OR_PAT (LITERAL_PAT (LITERAL - 1)) | (LITERAL_PAT (LITERAL 1))) -> (BLOCK (LITERAL 1))) (MATCH_ARM (RANGE_PAT (LITERAL 1) ..= (LITERAL 9)) -> (BLOCK (LITERAL 1))) (MATCH_ARM (RANGE_PAT (LITERAL - 5) .. (LITERAL - 1)) -> (BLOCK (LITERAL 1))) (MATCH_ARM (CONCAT_PAT (STRING_EXPR " a ") <> (NAME_PAT rest)) -> (BLOCK (LITERAL 1))) (MATCH_ARM (CONCAT_PAT (STRING_EXPR " say  ") <> (LITERAL_PAT (STRING_EXPR " x "))) -> (BLOCK (LITERAL 1))) (MATCH_ARM (LITERAL_PAT (LITERAL :a)) -> (BLOCK (LITERAL 1))) (MATCH_ARM (LITERAL_PAT (LITERAL true)) -> (BLOCK (LITERAL 1))) (MATCH_ARM (TUPLE_PAT ( )) -> (BLOCK (LITERAL 1))) (MATCH_ARM (TUPLE_PAT ( (NAME_PAT a) , (NAME_PAT b) )) -> (BLOCK (LITERAL 1))) (MATCH_ARM (TUPLE_PAT { (NAME_PAT a) , (NAME_PAT b) }) -> (BLOCK (LITERAL 1))) (MATCH_ARM (PAREN_PAT ( (OR_PAT (NAME_PAT a) | (NAME_PAT b)) )) -> (BLOCK (LITERAL 1))) (MATCH_ARM (CONSTRUCTOR_PAT (PATH None)) -> (BLOCK (LITERAL 1))) (MATCH_ARM (CONSTRUCTOR_PAT (PATH Shape . Circle) ( (CONSTRUCTOR_ARG (NAME_PAT r)) )) -> (BLOCK (LITERAL 1))) (MATCH_ARM (CONSTRUCTOR_PAT (PATH Rect) ( (CONSTRUCTOR_ARG (NAME width) : (NAME_PAT w)) , (REST_PAT ..) )) -> (BLOCK (LITERAL 1))) (MATCH_ARM (RECORD_PAT (PATH Point) { (RECORD_PAT_FIELD (NAME x)) , (RECORD_PAT_FIELD (NAME y) : (LITERAL_PAT (LITERAL 0))) }) -> (BLOCK (LITERAL 1))) (MATCH_ARM (RECORD_PAT (PATH Point) { (RECORD_PAT_FIELD (NAME x)) , (REST_PAT ..) }) -> (BLOCK (LITERAL 1))) (MATCH_ARM (LIST_PAT [ (NAME_PAT a) , (REST_PAT ..) , (NAME_PAT z) ]) -> (BLOCK (LITERAL 1))) (MATCH_ARM (LIST_PAT [ (NAME_PAT h) , (REST_PAT .. t) ]) -> (BLOCK (LITERAL 1))) (MATCH_ARM (CONS_PAT (NAME_PAT h) :: (CONS_PAT (NAME_PAT t) :: (NAME_PAT u))) -> (BLOCK (LITERAL 1))) (MATCH_ARM (MAP_PAT %{ (MAP_PAT_ENTRY (STRING_EXPR " a ") => (NAME_PAT x)) , (MAP_PAT_ENTRY (NAME b) : (NAME_PAT y)) }) -> (BLOCK (LITERAL 1))) (MATCH_ARM (AS_PAT (OR_PAT (CONSTRUCTOR_PAT (PATH A) ( (CONSTRUCTOR_ARG (NAME_PAT x)) )) | (CONSTRUCTOR_PAT (PATH B) ( (CONSTRUCTOR_ARG (NAME_PAT x)) ))) as (NAME whole)) (GUARD when (NAME_EXPR x)) -> (BLOCK (LITERAL 1))) (MATCH_ARM (TUPLE_PAT ( (CONS_PAT (NAME_PAT x) :: (NAME_PAT xs)) , (NAME_PAT y) )) -> (BLOCK (LITERAL 1))) end)
        "#]],
    );
}

#[test]
fn in_let_and_for() {
    check_stmts(
        r##"let Point { x, y } = p
let [a, ..b] :: List<Int> = c
for Ok(n) in xs do n end
for h :: t in xs do h end"##,
        expect![[r#"
            (LET_STMT let (RECORD_PAT (PATH Point) { (RECORD_PAT_FIELD (NAME x)) , (RECORD_PAT_FIELD (NAME y)) }) = (NAME_EXPR p))
            (LET_STMT let (LIST_PAT [ (NAME_PAT a) , (REST_PAT .. b) ]) :: (PATH_TYPE (PATH List) (TYPE_ARGS < (PATH_TYPE (PATH Int)) >)) = (NAME_EXPR c))
            (FOR_EXPR for (CONSTRUCTOR_PAT (PATH Ok) ( (CONSTRUCTOR_ARG (NAME_PAT n)) )) in (NAME_EXPR xs) do (BLOCK (NAME_EXPR n)) end)
            (FOR_EXPR for (CONS_PAT (NAME_PAT h) :: (NAME_PAT t)) in (NAME_EXPR xs) do (BLOCK (NAME_EXPR h)) end)
        "#]],
    );
}

#[test]
fn in_clauses() {
    check(
        "fn f([h, ..t], 0 | 1, n :: Int = 3) = 1",
        expect![[r#"
        (FN_ITEM fn (NAME f) (PARAM_LIST ( (PARAM (LIST_PAT [ (NAME_PAT h) , (REST_PAT .. t) ])) , (PARAM (OR_PAT (LITERAL_PAT (LITERAL 0)) | (LITERAL_PAT (LITERAL 1)))) , (PARAM (NAME_PAT n) :: (PATH_TYPE (PATH Int)) = (LITERAL 3)) )) = (LITERAL 1))
    "#]],
    );
}
