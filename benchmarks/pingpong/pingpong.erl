%% Two processes, five million messages between them.
-module(pingpong).
-export([main/0]).

echo() -> receive {From, K} -> From ! K + 1, echo() end.

drive(_, K) when K >= 2500000 -> K;
drive(To, K) -> To ! {self(), K}, receive X -> drive(To, X) end.

main() -> io:format("~p~n", [drive(spawn(fun echo/0), 0)]).
