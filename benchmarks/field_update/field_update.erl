%% One field of a record updated ten million times: a new record each time.
-module(field_update).
-export([main/0]).

-record(account, {name, owner, limit, balance, changes, rate}).

change(A, N, N) -> A;
change(A, I, N) -> change(A#account{balance = (A#account.balance * 31 + I) rem 1000003}, I + 1, N).

main() ->
    A = #account{name = <<"savings">>, owner = <<"Ada">>, limit = 100, balance = 0, changes = 0, rate = 1.5},
    io:format("~p~n", [(change(A, 0, 10000000))#account.balance]).
