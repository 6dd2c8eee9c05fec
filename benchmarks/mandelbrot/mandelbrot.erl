%% Counts the points of a 1000 x 1000 grid that stay bounded for 50 steps.
-module(mandelbrot).
-export([main/0]).

stays(_, _, _, _, 0) -> 1;
stays(Zr, Zi, Cr, Ci, Steps) ->
    R2 = Zr * Zr,
    I2 = Zi * Zi,
    if
        R2 + I2 > 4.0 -> 0;
        true -> stays(R2 - I2 + Cr, 2.0 * Zr * Zi + Ci, Cr, Ci, Steps - 1)
    end.

row(N, _, N, Count) -> Count;
row(X, Y, N, Count) ->
    row(X + 1, Y, N, Count + stays(0.0, 0.0, 2.0 * X / N - 1.5, 2.0 * Y / N - 1.0, 50)).

grid(N, N, Count) -> Count;
grid(Y, N, Count) -> grid(Y + 1, N, row(0, Y, N, Count)).

main() -> io:format("~p~n", [grid(0, 1000, 0)]).
