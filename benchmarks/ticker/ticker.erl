%% How late a wait of a millisecond ends beside one busy process per scheduler: two thousand waits.
-module(ticker).
-export([main/0]).

hog(N) when N > 1000000007 -> hog(N - 1000000006);
hog(N) -> hog(N * 3 + 1).

tick(0, Late) -> lists:sort(Late);
tick(Left, Late) ->
    Before = erlang:monotonic_time(microsecond),
    receive after 1 -> ok end,
    tick(Left - 1, [(erlang:monotonic_time(microsecond) - Before) / 1000 - 1 | Late]).

main() ->
    [spawn(fun() -> hog(1) end) || _ <- lists:seq(1, erlang:system_info(schedulers))],
    Late = tick(2000, []),
    io:format(standard_error, "  Erlang lateness, ms: median ~.1f p99 ~.1f max ~.1f~n",
              [lists:nth(1001, Late), lists:nth(1981, Late), lists:nth(2000, Late)]),
    io:format("done~n"),
    erlang:halt(0, [{flush, true}]).
