%% A million times a new version of a map while the one before is still held.
-module(map_versions).
-export([main/0]).

put_all(Old, M, N, N) -> {Old, M};
put_all(_, M, I, N) -> put_all(M, M#{I * 7919 rem 1000003 => I}, I + 1, N).

main() ->
    {Old, M} = put_all(#{}, #{}, 0, 1000000),
    io:format("~p ~p ~p~n", [maps:size(Old), maps:size(M), maps:get(7919, M)]).
