%% Five lists of a million random integers, sorted.
-module(sort).
-export([main/0]).

fill(Xs, X, 0) -> {Xs, X};
fill(Xs, X, N) -> fill([X | Xs], (X * 1103515245 + 12345) rem 2147483648, N - 1).

rounds(_, 0) -> ok;
rounds(X, N) ->
    {Xs, X2} = fill([], X, 1000000),
    Sorted = lists:sort(Xs),
    io:format("~p ~p ~p~n", [hd(Sorted), lists:nth(500001, Sorted), lists:last(Sorted)]),
    rounds(X2, N - 1).

main() -> rounds(42, 5).
