%% A map of a million integers: put all, look all up, update all.
-module(map).
-export([main/0]).

-define(N, 1000000).

key(I) -> I * 7919 rem 1000003.

put_all(M, ?N) -> M;
put_all(M, I) -> put_all(M#{key(I) => I}, I + 1).

sum_all(_, ?N, Sum) -> Sum;
sum_all(M, I, Sum) -> sum_all(M, I + 1, Sum + maps:get(key(I), M)).

update_all(M, ?N) -> M;
update_all(M, I) -> update_all(maps:update_with(key(I), fun(V) -> V + 1 end, M), I + 1).

main() ->
    M = put_all(#{}, 0),
    io:format("~p~n", [sum_all(M, 0, 0)]),
    M2 = update_all(M, 0),
    io:format("~p~n~p~n", [sum_all(M2, 0, 0), maps:size(M2)]).
