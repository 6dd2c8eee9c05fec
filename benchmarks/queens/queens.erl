%% All ways to place 10 queens, 50 times: short lists that share their tails.
-module(queens).
-export([main/0]).

safe([], _, _) -> true;
safe([C | _], Column, Distance) when C =:= Column; C =:= Column + Distance; C =:= Column - Distance -> false;
safe([_ | Rest], Column, Distance) -> safe(Rest, Column, Distance + 1).

place(_, 0, _, _) -> 1;
place(_, _, N, N) -> 0;
place(Queens, Rows, Column, N) ->
    Here =
        case safe(Queens, Column, 1) of
            true -> place([Column | Queens], Rows - 1, 0, N);
            false -> 0
        end,
    Here + place(Queens, Rows, Column + 1, N).

main() ->
    io:format("~p~n", [lists:sum([place([], 10, 0, 10) || _ <- lists:seq(1, 50)])]).
