%% Ten thousand processes in a ring; a number goes round for a million hops.
-module(ring).
-export([main/0]).

node_(Next, Main) ->
    receive
        N when N >= 1000000 -> Main ! N;
        N -> Next ! N + 1, node_(Next, Main)
    end.

entry(Main) ->
    Last = lists:foldl(fun(_, Next) -> spawn(fun() -> node_(Next, Main) end) end, self(), lists:seq(1, 9999)),
    Last ! 0,
    node_(Last, Main).

main() ->
    Me = self(),
    spawn(fun() -> entry(Me) end),
    receive N -> io:format("~p~n", [N]) end.
