%% A process that sleeps 1 ms again and again beside one busy process per core: how late does it wake?
-module(ticker).
-export([main/0]).

hog(N) -> hog((N * 7 + 1) rem 1000003).

tick(0, Late) -> Late;
tick(Left, Late) ->
    Start = erlang:monotonic_time(microsecond),
    receive after 1 -> ok end,
    tick(Left - 1, [erlang:monotonic_time(microsecond) - Start - 1000 | Late]).

main() ->
    [spawn(fun() -> hog(N) end) || N <- lists:seq(1, erlang:system_info(schedulers))],
    Late = lists:sort(tick(2000, [])),
    io:format(standard_error, "late us: median ~p p99 ~p max ~p~n",
              [lists:nth(N, Late) || N <- [1001, 1981, 2000]]),
    io:format("done~n").
