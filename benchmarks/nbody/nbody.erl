%% The five-body simulation: floats in tuples, made anew at each step.
-module(nbody).
-export([main/0]).

-define(SOLAR_MASS, (4.0 * math:pi() * math:pi())).
-define(DAYS, 365.24).

bodies() ->
    [{0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ?SOLAR_MASS},
     {4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
      1.66007664274403694e-03 * ?DAYS, 7.69901118419740425e-03 * ?DAYS, -6.90460016972063023e-05 * ?DAYS,
      9.54791938424326609e-04 * ?SOLAR_MASS},
     {8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
      -2.76742510726411280e-03 * ?DAYS, 4.99852801234917238e-03 * ?DAYS, 2.30417297573763929e-05 * ?DAYS,
      2.85885980666130812e-04 * ?SOLAR_MASS},
     {1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
      2.96460137564761618e-03 * ?DAYS, 2.37847173959480950e-03 * ?DAYS, -2.96589568540237556e-05 * ?DAYS,
      4.36624404335156298e-05 * ?SOLAR_MASS},
     {1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
      2.68067772490389322e-03 * ?DAYS, 1.62824170038242295e-03 * ?DAYS, -9.51592254519715870e-05 * ?DAYS,
      5.15138902046611451e-05 * ?SOLAR_MASS}].

energy([], E) -> E;
energy([{_, _, _, VX, VY, VZ, M} = A | Rest], E) ->
    energy(Rest, pairs(A, Rest, E + 0.5 * M * (VX * VX + VY * VY + VZ * VZ))).

pairs(_, [], E) -> E;
pairs({X, Y, Z, _, _, _, M} = A, [{X2, Y2, Z2, _, _, _, M2} | Rest], E) ->
    DX = X - X2, DY = Y - Y2, DZ = Z - Z2,
    pairs(A, Rest, E - M * M2 / math:sqrt(DX * DX + DY * DY + DZ * DZ)).

%% The bodies one step later: each pulls those behind it and is then moved.
advance([], _) -> [];
advance([A | Rest], Dt) ->
    {A2, Pulled} = pull(A, Rest, Dt, []),
    [move(A2, Dt) | advance(Pulled, Dt)].

pull(A, [], _, Done) -> {A, lists:reverse(Done)};
pull({X, Y, Z, VX, VY, VZ, M}, [{X2, Y2, Z2, VX2, VY2, VZ2, M2} | Rest], Dt, Done) ->
    DX = X - X2, DY = Y - Y2, DZ = Z - Z2,
    D2 = DX * DX + DY * DY + DZ * DZ,
    Mag = Dt / (D2 * math:sqrt(D2)),
    AM = M * Mag, BM = M2 * Mag,
    B = {X2, Y2, Z2, VX2 + DX * AM, VY2 + DY * AM, VZ2 + DZ * AM, M2},
    pull({X, Y, Z, VX - DX * BM, VY - DY * BM, VZ - DZ * BM, M}, Rest, Dt, [B | Done]).

move({X, Y, Z, VX, VY, VZ, M}, Dt) -> {X + Dt * VX, Y + Dt * VY, Z + Dt * VZ, VX, VY, VZ, M}.

run(Bodies, 0) -> Bodies;
run(Bodies, Steps) -> run(advance(Bodies, 0.01), Steps - 1).

offset([{X, Y, Z, _, _, _, M} | Rest]) ->
    Sum = fun(Part) -> lists:sum([element(Part, B) * element(7, B) || B <- Rest]) end,
    [{X, Y, Z, -Sum(4) / ?SOLAR_MASS, -Sum(5) / ?SOLAR_MASS, -Sum(6) / ?SOLAR_MASS, M} | Rest].

main() ->
    Bodies = offset(bodies()),
    io:format("~.9f~n", [energy(Bodies, 0.0)]),
    io:format("~.9f~n", [energy(run(Bodies, 5000000), 0.0)]).
