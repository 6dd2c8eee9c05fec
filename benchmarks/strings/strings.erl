%% A text of 10 MB put together from a million pieces, then split into words that are counted.
-module(strings).
-export([main/0]).

pieces() ->
    {<<"snowflake ">>, <<"avalanche ">>, <<"blizzards ">>, <<"icicle-ab ">>,
     <<"glaciers- ">>, <<"snowdrift ">>, <<"toboggans ">>, <<"frostbite ">>}.

build(Text, _, N, N) -> Text;
build(Text, Pieces, I, N) ->
    build(<<Text/binary, (element(I * I rem 7 + 1, Pieces))/binary>>, Pieces, I + 1, N).

main() ->
    Text = build(<<>>, pieces(), 0, 1000000),
    io:format("~p~n", [byte_size(Text)]),
    Words = binary:split(Text, <<" ">>, [global]),
    io:format("~p~n", [length(Words)]),
    Counts = lists:foldl(fun(W, M) -> maps:update_with(W, fun(N) -> N + 1 end, 1, M) end, #{}, Words),
    lists:foreach(fun({W, N}) -> io:format("~s: ~p~n", [W, N]) end, lists:sort(maps:to_list(Counts))).
