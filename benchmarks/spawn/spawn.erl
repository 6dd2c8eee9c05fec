%% A million processes: each takes one message, answers, and ends.
-module(spawn).
-export([main/0]).

worker() -> receive {From, N} -> From ! N end.

start(_, N, N) -> N;
start(Me, I, N) -> spawn(fun worker/0) ! {Me, I}, start(Me, I + 1, N).

collect(0, Total) -> Total;
collect(Left, Total) -> receive N -> collect(Left - 1, Total + N) end.

run() -> io:format("~p~n", [collect(start(self(), 0, 1000000), 0)]).

%% The queue of the collector is long: kept out of what its collections copy.
main() ->
    {_, Ref} = spawn_opt(fun run/0, [monitor, {message_queue_data, off_heap}]),
    receive {'DOWN', Ref, _, _, _} -> ok end.
