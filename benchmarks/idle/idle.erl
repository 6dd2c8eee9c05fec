%% A million idle processes, each with a small state; they are asked once, so that all have run.
-module(idle).
-export([main/0]).

cell(Owner, Value, Name) ->
    receive N -> Owner ! Value + N, cell(Owner, Value + N, Name) end.

start(_, N, N) -> ok;
start(Me, I, N) ->
    spawn(fun() -> cell(Me, I, "cell") end) ! 1,
    start(Me, I + 1, N).

collect(0, Total) -> Total;
collect(Left, Total) -> receive N -> collect(Left - 1, Total + N) end.

main() ->
    start(self(), 0, 1000000),
    io:format("~p~n", [collect(1000000, 0)]).
