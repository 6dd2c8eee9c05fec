%% A hundred processes send a hundred thousand messages each to one.
-module(fanin).
-export([main/0]).

flood(_, 0) -> ok;
flood(To, Left) -> To ! Left, flood(To, Left - 1).

collect(0, Total) -> Total;
collect(Left, Total) -> receive N -> collect(Left - 1, Total + N) end.

main() ->
    Me = self(),
    [spawn(fun() -> flood(Me, 100000) end) || _ <- lists:seq(1, 100)],
    io:format("~p~n", [collect(10000000, 0)]).
