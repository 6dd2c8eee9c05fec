%% What a program costs that does nothing: its start and its end.
-module(hello).
-export([main/0]).

main() -> io:format("hello~n").
