%% Flips of pancakes over all permutations of 10: lists, made anew.
-module(fannkuch).
-export([main/0]).

-define(N, 10).

flips([0 | _], Count) -> Count;
flips([First | _] = Perm, Count) -> flips(flip(First + 1, Perm, []), Count + 1).

flip(0, Rest, Done) -> Done ++ Rest;
flip(K, [X | Rest], Done) -> flip(K - 1, Rest, [X | Done]).

%% Moves the first element behind the R after it.
rotate([First | Rest], R) -> insert(Rest, R, First).

insert(Rest, 0, First) -> [First | Rest];
insert([X | Rest], R, First) -> [X | insert(Rest, R - 1, First)].

reset(Counts, 1) -> Counts;
reset(Counts, R) -> reset(setelement(R, Counts, R), R - 1).

%% The next permutation. Element R + 1 of the counts belongs to R.
next(_, _, ?N) -> done;
next(Perm, Counts, R) ->
    Rotated = rotate(Perm, R),
    Left = element(R + 1, Counts) - 1,
    Counted = setelement(R + 1, Counts, Left),
    if
        Left > 0 -> {Rotated, Counted, R};
        true -> next(Rotated, Counted, R + 1)
    end.

search(Perm, Counts0, R, Nth, Sum, Most) ->
    Counts = reset(Counts0, R),
    Count = flips(Perm, 0),
    Sum2 = if Nth rem 2 =:= 0 -> Sum + Count; true -> Sum - Count end,
    Most2 = max(Most, Count),
    case next(Perm, Counts, 1) of
        done -> {Sum2, Most2};
        {Perm2, Counts2, R2} -> search(Perm2, Counts2, R2, Nth + 1, Sum2, Most2)
    end.

main() ->
    {Sum, Most} = search(lists:seq(0, ?N - 1), erlang:make_tuple(?N, 0), ?N, 0, 0, 0),
    io:format("~p~nPfannkuchen(~p) = ~p~n", [Sum, ?N, Most]).
