%% About 1 GB of live data, in small objects, replaced one after the other. How long does the longest step take?
-module(latency).
-export([main/0]).

grow(0) -> {nil, nil};
grow(Depth) -> {grow(Depth - 1), grow(Depth - 1)}.

check(nil) -> 0;
check({Left, Right}) -> 1 + check(Left) + check(Right).

replace(Live, N, N, _, Longest) -> {Live, Longest};
replace(Live, I, N, Before, Longest) ->
    Live2 = Live#{I * 7919 rem 1400000 := grow(4)},
    Now = erlang:monotonic_time(microsecond),
    replace(Live2, I + 1, N, Now, max(Longest, Now - Before)).

main() ->
    Live = maps:from_list([{I, grow(4)} || I <- lists:seq(0, 1399999)]),
    {Live2, Longest} = replace(Live, 0, 3000000, erlang:monotonic_time(microsecond), 0),
    io:format("~p~n", [maps:fold(fun(_, T, Sum) -> Sum + check(T) end, 0, Live2)]),
    io:format(standard_error, "Erlang: longest step ~p µs~n", [Longest]).
