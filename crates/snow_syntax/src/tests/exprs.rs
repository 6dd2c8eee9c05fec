//! Trees of statements and expressions.

use expect_test::expect;

use super::check_stmts;

#[test]
fn precedence() {
    check_stmts(
        r##"a or b and not c == d |> f
1 + 2 * 3 - 4
a <> b + c ++ d
1..n + 1
-x.f() + !y.z
-2.abs() - -3
- 5
a && b || !c"##,
        expect![[r#"
            (BIN_EXPR (NAME_EXPR a) or (BIN_EXPR (NAME_EXPR b) and (PREFIX_EXPR not (BIN_EXPR (NAME_EXPR c) == (PIPE_EXPR (NAME_EXPR d) |> (NAME_EXPR f))))))
            (BIN_EXPR (BIN_EXPR (LITERAL 1) + (BIN_EXPR (LITERAL 2) * (LITERAL 3))) - (LITERAL 4))
            (BIN_EXPR (BIN_EXPR (NAME_EXPR a) <> (BIN_EXPR (NAME_EXPR b) + (NAME_EXPR c))) ++ (NAME_EXPR d))
            (RANGE_EXPR (LITERAL 1) .. (BIN_EXPR (NAME_EXPR n) + (LITERAL 1)))
            (BIN_EXPR (PREFIX_EXPR - (METHOD_CALL_EXPR (NAME_EXPR x) . (NAME f) (ARG_LIST ( )))) + (PREFIX_EXPR ! (FIELD_EXPR (NAME_EXPR y) . (NAME z))))
            (BIN_EXPR (METHOD_CALL_EXPR (LITERAL - 2) . (NAME abs) (ARG_LIST ( ))) - (LITERAL - 3))
            (PREFIX_EXPR - (LITERAL 5))
            (BIN_EXPR (BIN_EXPR (NAME_EXPR a) && (NAME_EXPR b)) || (PREFIX_EXPR ! (NAME_EXPR c)))
        "#]],
    );
}

#[test]
fn postfix() {
    check_stmts(
        r##"f(x, name: 1)(y)
a.b.c(1).0.1
xs[1..3][0]?
t.0
5.abs()
List.map(xs, f).length()
Some(x)
Shape.Circle(1.0)
Node.self"##,
        expect![[r#"
            (CALL_EXPR (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( (ARG (NAME_EXPR x)) , (ARG (NAME name) : (LITERAL 1)) ))) (ARG_LIST ( (ARG (NAME_EXPR y)) )))
            (TUPLE_FIELD_EXPR (TUPLE_FIELD_EXPR (METHOD_CALL_EXPR (FIELD_EXPR (NAME_EXPR a) . (NAME b)) . (NAME c) (ARG_LIST ( (ARG (LITERAL 1)) ))) . 0) . 1)
            (TRY_EXPR (INDEX_EXPR (INDEX_EXPR (NAME_EXPR xs) [ (RANGE_EXPR (LITERAL 1) .. (LITERAL 3)) ]) [ (LITERAL 0) ]) ?)
            (TUPLE_FIELD_EXPR (NAME_EXPR t) . 0)
            (METHOD_CALL_EXPR (LITERAL 5) . (NAME abs) (ARG_LIST ( )))
            (METHOD_CALL_EXPR (METHOD_CALL_EXPR (PATH_EXPR (PATH List)) . (NAME map) (ARG_LIST ( (ARG (NAME_EXPR xs)) , (ARG (NAME_EXPR f)) ))) . (NAME length) (ARG_LIST ( )))
            (CALL_EXPR (PATH_EXPR (PATH Some)) (ARG_LIST ( (ARG (NAME_EXPR x)) )))
            (CALL_EXPR (PATH_EXPR (PATH Shape . Circle)) (ARG_LIST ( (ARG (LITERAL 1.0)) )))
            (FIELD_EXPR (PATH_EXPR (PATH Node)) . (NAME self))
        "#]],
    );
}

#[test]
fn pipes() {
    check_stmts(
        r##"a |> f(b)?
a |> f
  |> M.g(1)
  |> .len()
  |> fn x -> x end
  .tail()
a |> f(_, 2).g
x |> map(1) do |y| y end"##,
        expect![[r#"
            (TRY_EXPR (PIPE_EXPR (NAME_EXPR a) |> (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( (ARG (NAME_EXPR b)) )))) ?)
            (METHOD_CALL_EXPR (PIPE_EXPR (PIPE_EXPR (PIPE_EXPR (PIPE_EXPR (NAME_EXPR a) |> (NAME_EXPR f)) |> (METHOD_CALL_EXPR (PATH_EXPR (PATH M)) . (NAME g) (ARG_LIST ( (ARG (LITERAL 1)) )))) |> (PIPE_METHOD . (NAME len) (ARG_LIST ( )))) |> (FN_EXPR fn (FN_CLAUSE (PARAM_LIST (PARAM (NAME_PAT x))) -> (BLOCK (NAME_EXPR x))) end)) . (NAME tail) (ARG_LIST ( )))
            (FIELD_EXPR (PIPE_EXPR (NAME_EXPR a) |> (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( (ARG (HOLE_EXPR _)) , (ARG (LITERAL 2)) )))) . (NAME g))
            (PIPE_EXPR (NAME_EXPR x) |> (CALL_EXPR (NAME_EXPR map) (ARG_LIST ( (ARG (LITERAL 1)) )) (TRAILING_BLOCK do (BLOCK_PARAMS | (PARAM (NAME_PAT y)) |) (BLOCK (NAME_EXPR y)) end)))
        "#]],
    );
}

#[test]
fn newlines() {
    check_stmts(
        r##"a
-1
b +
  c
f(1,
  2
  + 3)
foo
(1)
x
[1]
let y =
  3
a
  .b
  .c()
g; h"##,
        expect![[r#"
            (NAME_EXPR a)
            (LITERAL - 1)
            (BIN_EXPR (NAME_EXPR b) + (NAME_EXPR c))
            (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( (ARG (LITERAL 1)) , (ARG (BIN_EXPR (LITERAL 2) + (LITERAL 3))) )))
            (NAME_EXPR foo)
            (PAREN_EXPR ( (LITERAL 1) ))
            (NAME_EXPR x)
            (LIST_EXPR [ (LITERAL 1) ])
            (LET_STMT let (NAME_PAT y) = (LITERAL 3))
            (METHOD_CALL_EXPR (FIELD_EXPR (NAME_EXPR a) . (NAME b)) . (NAME c) (ARG_LIST ( )))
            (NAME_EXPR g)
            (NAME_EXPR h)
        "#]],
    );
}

#[test]
fn brackets() {
    check_stmts(
        r##"()
(a)
(a, b)
{a, b}
[]
[a, ..b, c,]
%{}
%{k => 1, "a" => 2}
%{name: v, in: 2}
%{p | x: 3, y: 4}
%{f(m) | k => v}
Point { x: 1, y }
Geometry.Point {
  x: 1,
  y: 2
}"##,
        expect![[r#"
            (TUPLE_EXPR ( ))
            (PAREN_EXPR ( (NAME_EXPR a) ))
            (TUPLE_EXPR ( (NAME_EXPR a) , (NAME_EXPR b) ))
            (TUPLE_EXPR { (NAME_EXPR a) , (NAME_EXPR b) })
            (LIST_EXPR [ ])
            (LIST_EXPR [ (NAME_EXPR a) , (SPREAD .. (NAME_EXPR b)) , (NAME_EXPR c) , ])
            (MAP_EXPR %{ })
            (MAP_EXPR %{ (MAP_ENTRY (NAME_EXPR k) => (LITERAL 1)) , (MAP_ENTRY (STRING_EXPR " a ") => (LITERAL 2)) })
            (MAP_EXPR %{ (MAP_ENTRY (NAME name) : (NAME_EXPR v)) , (MAP_ENTRY (NAME in) : (LITERAL 2)) })
            (UPDATE_EXPR %{ (NAME_EXPR p) | (MAP_ENTRY (NAME x) : (LITERAL 3)) , (MAP_ENTRY (NAME y) : (LITERAL 4)) })
            (UPDATE_EXPR %{ (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( (ARG (NAME_EXPR m)) ))) | (MAP_ENTRY (NAME_EXPR k) => (NAME_EXPR v)) })
            (RECORD_EXPR (PATH Point) { (RECORD_FIELD (NAME x) : (LITERAL 1)) , (RECORD_FIELD (NAME y)) })
            (RECORD_EXPR (PATH Geometry . Point) { (RECORD_FIELD (NAME x) : (LITERAL 1)) , (RECORD_FIELD (NAME y) : (LITERAL 2)) })
        "#]],
    );
}

#[test]
fn trailing_blocks() {
    check_stmts(
        r##"each(xs) do |x, {k, v}| x end
retry(3) do
  1
end
m.update(1) do || 2 end.get()
if f(x) do 1 end
while any(xs, fn x -> each(x) do |y| y end end) do end
for x in f(y) when g(x) do x end
case f(x) do _ -> 1 end"##,
        expect![[r#"
            (CALL_EXPR (NAME_EXPR each) (ARG_LIST ( (ARG (NAME_EXPR xs)) )) (TRAILING_BLOCK do (BLOCK_PARAMS | (PARAM (NAME_PAT x)) , (PARAM (TUPLE_PAT { (NAME_PAT k) , (NAME_PAT v) })) |) (BLOCK (NAME_EXPR x)) end))
            (CALL_EXPR (NAME_EXPR retry) (ARG_LIST ( (ARG (LITERAL 3)) )) (TRAILING_BLOCK do (BLOCK (LITERAL 1)) end))
            (METHOD_CALL_EXPR (METHOD_CALL_EXPR (NAME_EXPR m) . (NAME update) (ARG_LIST ( (ARG (LITERAL 1)) )) (TRAILING_BLOCK do (BLOCK_PARAMS ||) (BLOCK (LITERAL 2)) end)) . (NAME get) (ARG_LIST ( )))
            (IF_EXPR if (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( (ARG (NAME_EXPR x)) ))) do (BLOCK (LITERAL 1)) end)
            (WHILE_EXPR while (CALL_EXPR (NAME_EXPR any) (ARG_LIST ( (ARG (NAME_EXPR xs)) , (ARG (FN_EXPR fn (FN_CLAUSE (PARAM_LIST (PARAM (NAME_PAT x))) -> (BLOCK (CALL_EXPR (NAME_EXPR each) (ARG_LIST ( (ARG (NAME_EXPR x)) )) (TRAILING_BLOCK do (BLOCK_PARAMS | (PARAM (NAME_PAT y)) |) (BLOCK (NAME_EXPR y)) end)))) end)) ))) do (BLOCK) end)
            (FOR_EXPR for (NAME_PAT x) in (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( (ARG (NAME_EXPR y)) ))) (GUARD when (CALL_EXPR (NAME_EXPR g) (ARG_LIST ( (ARG (NAME_EXPR x)) )))) do (BLOCK (NAME_EXPR x)) end)
            (CASE_EXPR case (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( (ARG (NAME_EXPR x)) ))) do (MATCH_ARM (WILDCARD_PAT _) -> (BLOCK (LITERAL 1))) end)
        "#]],
    );
}

#[test]
fn conditionals() {
    check_stmts(
        r##"if a do 1 else if b do 2 else if c do 3 else 4 end
let t = if a do 1 end
if a do
else
end"##,
        expect![[r#"
            (IF_EXPR if (NAME_EXPR a) do (BLOCK (LITERAL 1)) (ELSE_IF else if (NAME_EXPR b) do (BLOCK (LITERAL 2))) (ELSE_IF else if (NAME_EXPR c) do (BLOCK (LITERAL 3))) (ELSE_BRANCH else (BLOCK (LITERAL 4))) end)
            (LET_STMT let (NAME_PAT t) = (IF_EXPR if (NAME_EXPR a) do (BLOCK (LITERAL 1)) end))
            (IF_EXPR if (NAME_EXPR a) do (BLOCK) (ELSE_BRANCH else (BLOCK)) end)
        "#]],
    );
}

#[test]
fn arms() {
    check_stmts(
        r##"case x do
  0 -> "a"; 1 | 2 -> "b"
  [h, ..t] when h > 1 ->
    let y = 1
    [y, 2]
    f(y)
  Some(n) -> if n do 1 else 2 end
  h :: t -> 3
  _ ->
end
match e do
  A
  | B -> 1
end
receive do
  Add(n) -> n
  after 50 -> 1
end
receive do x -> x after time(1) -> 2 end
receive do
  x ->
    let after = 1
    after + 1
    after
end"##,
        expect![[r#"
            (CASE_EXPR case (NAME_EXPR x) do (MATCH_ARM (LITERAL_PAT (LITERAL 0)) -> (BLOCK (STRING_EXPR " a ") ;)) (MATCH_ARM (OR_PAT (LITERAL_PAT (LITERAL 1)) | (LITERAL_PAT (LITERAL 2))) -> (BLOCK (STRING_EXPR " b "))) (MATCH_ARM (LIST_PAT [ (NAME_PAT h) , (REST_PAT .. t) ]) (GUARD when (BIN_EXPR (NAME_EXPR h) > (LITERAL 1))) -> (BLOCK (LET_STMT let (NAME_PAT y) = (LITERAL 1)) (LIST_EXPR [ (NAME_EXPR y) , (LITERAL 2) ]) (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( (ARG (NAME_EXPR y)) ))))) (MATCH_ARM (CONSTRUCTOR_PAT (PATH Some) ( (CONSTRUCTOR_ARG (NAME_PAT n)) )) -> (BLOCK (IF_EXPR if (NAME_EXPR n) do (BLOCK (LITERAL 1)) (ELSE_BRANCH else (BLOCK (LITERAL 2))) end))) (MATCH_ARM (CONS_PAT (NAME_PAT h) :: (NAME_PAT t)) -> (BLOCK (LITERAL 3))) (MATCH_ARM (WILDCARD_PAT _) -> (BLOCK)) end)
            (CASE_EXPR match (NAME_EXPR e) do (MATCH_ARM (OR_PAT (CONSTRUCTOR_PAT (PATH A)) | (CONSTRUCTOR_PAT (PATH B))) -> (BLOCK (LITERAL 1))) end)
            (RECEIVE_EXPR receive do (MATCH_ARM (CONSTRUCTOR_PAT (PATH Add) ( (CONSTRUCTOR_ARG (NAME_PAT n)) )) -> (BLOCK (NAME_EXPR n))) (AFTER_ARM after (LITERAL 50) -> (BLOCK (LITERAL 1))) end)
            (RECEIVE_EXPR receive do (MATCH_ARM (NAME_PAT x) -> (BLOCK (NAME_EXPR x))) (AFTER_ARM after (CALL_EXPR (NAME_EXPR time) (ARG_LIST ( (ARG (LITERAL 1)) ))) -> (BLOCK (LITERAL 2))) end)
            (RECEIVE_EXPR receive do (MATCH_ARM (NAME_PAT x) -> (BLOCK (LET_STMT let (NAME_PAT after) = (LITERAL 1)) (BIN_EXPR (NAME_EXPR after) + (LITERAL 1)) (NAME_EXPR after))) end)
        "#]],
    );
}

#[test]
fn closures() {
    check_stmts(
        r##"fn x -> x end
fn -> 1 end
fn(x :: Int, y) -> x end
fn (k, v) -> k end
fn {k, v} -> k end
fn ((a, b)) -> a end
fn (a, b), c -> a end
fn x do x end
fn 0 -> "z" | n when n < 0 -> "neg" | 1 | 2 -> 3 end
fn x ->
  a
  b
  | y -> c
end
fn Some(x) -> x end"##,
        expect![[r#"
            (FN_EXPR fn (FN_CLAUSE (PARAM_LIST (PARAM (NAME_PAT x))) -> (BLOCK (NAME_EXPR x))) end)
            (FN_EXPR fn (FN_CLAUSE (PARAM_LIST) -> (BLOCK (LITERAL 1))) end)
            (FN_EXPR fn (FN_CLAUSE (PARAM_LIST ( (PARAM (NAME_PAT x) :: (PATH_TYPE (PATH Int))) , (PARAM (NAME_PAT y)) )) -> (BLOCK (NAME_EXPR x))) end)
            (FN_EXPR fn (FN_CLAUSE (PARAM_LIST ( (PARAM (NAME_PAT k)) , (PARAM (NAME_PAT v)) )) -> (BLOCK (NAME_EXPR k))) end)
            (FN_EXPR fn (FN_CLAUSE (PARAM_LIST (PARAM (TUPLE_PAT { (NAME_PAT k) , (NAME_PAT v) }))) -> (BLOCK (NAME_EXPR k))) end)
            (FN_EXPR fn (FN_CLAUSE (PARAM_LIST ( (PARAM (TUPLE_PAT ( (NAME_PAT a) , (NAME_PAT b) ))) )) -> (BLOCK (NAME_EXPR a))) end)
            (FN_EXPR fn (FN_CLAUSE (PARAM_LIST (PARAM (TUPLE_PAT ( (NAME_PAT a) , (NAME_PAT b) ))) , (PARAM (NAME_PAT c))) -> (BLOCK (NAME_EXPR a))) end)
            (FN_EXPR fn (FN_CLAUSE (PARAM_LIST (PARAM (NAME_PAT x))) do (BLOCK (NAME_EXPR x))) end)
            (FN_EXPR fn (FN_CLAUSE (PARAM_LIST (PARAM (LITERAL_PAT (LITERAL 0)))) -> (BLOCK (STRING_EXPR " z "))) | (FN_CLAUSE (PARAM_LIST (PARAM (NAME_PAT n))) (GUARD when (BIN_EXPR (NAME_EXPR n) < (LITERAL 0))) -> (BLOCK (STRING_EXPR " neg "))) | (FN_CLAUSE (PARAM_LIST (PARAM (OR_PAT (LITERAL_PAT (LITERAL 1)) | (LITERAL_PAT (LITERAL 2))))) -> (BLOCK (LITERAL 3))) end)
            (FN_EXPR fn (FN_CLAUSE (PARAM_LIST (PARAM (NAME_PAT x))) -> (BLOCK (NAME_EXPR a) (NAME_EXPR b))) | (FN_CLAUSE (PARAM_LIST (PARAM (NAME_PAT y))) -> (BLOCK (NAME_EXPR c))) end)
            (FN_EXPR fn (FN_CLAUSE (PARAM_LIST (PARAM (CONSTRUCTOR_PAT (PATH Some) ( (CONSTRUCTOR_ARG (NAME_PAT x)) )))) -> (BLOCK (NAME_EXPR x))) end)
        "#]],
    );
}

#[test]
fn local_functions_and_control() {
    check_stmts(
        r##"fn go(n) do go(n - 1) end
fn id<T>(x :: T) -> T = x
return
return 1
if a do return end
break
continue
do 1 end
f(_, 2)
let (a, b) :: (Int, Int) = c
let _ = e"##,
        expect![[r#"
            (FN_ITEM fn (NAME go) (PARAM_LIST ( (PARAM (NAME_PAT n)) )) do (BLOCK (CALL_EXPR (NAME_EXPR go) (ARG_LIST ( (ARG (BIN_EXPR (NAME_EXPR n) - (LITERAL 1))) )))) end)
            (FN_ITEM fn (NAME id) (GENERIC_PARAMS < (NAME T) >) (PARAM_LIST ( (PARAM (NAME_PAT x) :: (PATH_TYPE (PATH T))) )) (RET_TYPE -> (PATH_TYPE (PATH T))) = (NAME_EXPR x))
            (RETURN_EXPR return)
            (RETURN_EXPR return (LITERAL 1))
            (IF_EXPR if (NAME_EXPR a) do (BLOCK (RETURN_EXPR return)) end)
            (BREAK_EXPR break)
            (CONTINUE_EXPR continue)
            (DO_EXPR do (BLOCK (LITERAL 1)) end)
            (CALL_EXPR (NAME_EXPR f) (ARG_LIST ( (ARG (HOLE_EXPR _)) , (ARG (LITERAL 2)) )))
            (LET_STMT let (TUPLE_PAT ( (NAME_PAT a) , (NAME_PAT b) )) :: (TUPLE_TYPE ( (PATH_TYPE (PATH Int)) , (PATH_TYPE (PATH Int)) )) = (NAME_EXPR c))
            (LET_STMT let (WILDCARD_PAT _) = (NAME_EXPR e))
        "#]],
    );
}
