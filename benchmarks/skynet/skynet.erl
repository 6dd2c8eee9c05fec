%% A tree of processes, ten children each, a million leaves: the sum of the leaves' numbers.
-module(skynet).
-export([main/0]).

node_(Parent, Number, 1) -> Parent ! Number;
node_(Parent, Number, Size) ->
    Part = Size div 10,
    Me = self(),
    [spawn(fun() -> node_(Me, Number + I * Part, Part) end) || I <- lists:seq(0, 9)],
    gather(Parent, 10, 0).

gather(Parent, 0, Total) -> Parent ! Total;
gather(Parent, Left, Total) -> receive N -> gather(Parent, Left - 1, Total + N) end.

main() ->
    Me = self(),
    spawn(fun() -> node_(Me, 0, 1000000) end),
    receive N -> io:format("~p~n", [N]) end.
