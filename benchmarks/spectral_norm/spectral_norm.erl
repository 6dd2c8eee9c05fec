%% The spectral norm of an infinite matrix, by power iteration.
-module(spectral_norm).
-export([main/0]).

entry(I, J) -> 1.0 / ((I + J) * (I + J + 1) div 2 + I + 1).

row([], _, _, Sum) -> Sum;
row([X | Rest], I, J, Sum) -> row(Rest, I, J + 1, Sum + entry(I, J) * X).

column([], _, _, Sum) -> Sum;
column([X | Rest], I, J, Sum) -> column(Rest, I, J + 1, Sum + entry(J, I) * X).

times(V) -> [row(V, I, 0, 0.0) || I <- lists:seq(0, 999)].
times_transposed(V) -> [column(V, I, 0, 0.0) || I <- lists:seq(0, 999)].

iterate(U, V, 0) -> {U, V};
iterate(U, _, N) ->
    V = times_transposed(times(U)),
    iterate(times_transposed(times(V)), V, N - 1).

dot(A, B) -> lists:sum(lists:zipwith(fun(X, Y) -> X * Y end, A, B)).

main() ->
    {U, V} = iterate(lists:duplicate(1000, 1.0), [], 10),
    io:format("~.9f~n", [math:sqrt(dot(U, V) / dot(V, V))]).
