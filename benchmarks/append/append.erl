%% Elements put in front one by one, which is how lists grow here.
-module(append).
-export([main/0]).

build(Xs, N, N) -> lists:reverse(Xs);
build(Xs, I, N) -> build([I | Xs], I + 1, N).

main() -> io:format("~p~n", [lists:sum(build([], 0, 1000000))]).
