%% Builds and walks binary trees up to depth 18.
-module(binary_trees).
-export([main/0]).

grow(0) -> {nil, nil};
grow(Depth) -> {grow(Depth - 1), grow(Depth - 1)}.

check(nil) -> 0;
check({Left, Right}) -> 1 + check(Left) + check(Right).

checks(0, _, Sum) -> Sum;
checks(Times, Depth, Sum) -> checks(Times - 1, Depth, Sum + check(grow(Depth))).

main() ->
    Deepest = 18,
    io:format("stretch tree of depth ~p: ~p~n", [Deepest + 1, check(grow(Deepest + 1))]),
    Kept = grow(Deepest),
    lists:foreach(
        fun(Depth) ->
            Times = 1 bsl (Deepest - Depth + 4),
            io:format("~p trees of depth ~p: ~p~n", [Times, Depth, checks(Times, Depth, 0)])
        end,
        lists:seq(4, Deepest, 2)),
    io:format("long lived tree of depth ~p: ~p~n", [Deepest, check(Kept)]).
