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

run() ->
    start(self(), 0, 1000000),
    io:format("~p~n", [collect(1000000, 0)]).

%% The queue of the collector is long: kept out of what its collections copy.
main() ->
    {_, Ref} = spawn_opt(fun run/0, [monitor, {message_queue_data, off_heap}]),
    receive {'DOWN', Ref, _, _, _} -> ok end.
