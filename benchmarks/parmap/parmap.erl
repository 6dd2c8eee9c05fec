%% Sixty-four pieces of work, each a count of primes, mapped in parallel.
-module(parmap).
-export([main/0]).

divides(N, D) when D * D > N -> false;
divides(N, D) when N rem D == 0 -> true;
divides(N, D) -> divides(N, D + 1).

primes(Last, Last, Found) -> Found;
primes(N, Last, Found) ->
    case divides(N, 2) of
        true -> primes(N + 1, Last, Found);
        false -> primes(N + 1, Last, Found + 1)
    end.

main() ->
    Me = self(),
    [spawn(fun() -> Me ! primes(1000000 + I * 40000, 1040000 + I * 40000, 0) end) || I <- lists:seq(0, 63)],
    io:format("~p~n", [lists:sum([receive N -> N end || _ <- lists:seq(0, 63)])]).
