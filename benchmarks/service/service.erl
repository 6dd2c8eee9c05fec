%% Two million calls of one gen_server, one after the other.
-module(service).
-behaviour(gen_server).
-export([main/0, init/1, handle_call/3, handle_cast/2]).

init(N) -> {ok, N}.
handle_call({add, A}, _From, N) -> {reply, N + A, N + A}.
handle_cast(_, N) -> {noreply, N}.

drive(_, 0, Last) -> Last;
drive(P, Left, _) -> drive(P, Left - 1, gen_server:call(P, {add, 1})).

main() ->
    {ok, P} = gen_server:start(?MODULE, 0, []),
    io:format("~p~n", [drive(P, 2000000, 0)]).
