// Counts the points of a 1000 x 1000 grid that stay bounded for 50 steps.
#include <stdio.h>

static int stays(double cr, double ci, int steps) {
    double zr = 0, zi = 0;
    for (; steps > 0; steps--) {
        double r2 = zr * zr, i2 = zi * zi;
        if (r2 + i2 > 4.0) return 0;
        zi = 2.0 * zr * zi + ci;
        zr = r2 - i2 + cr;
    }
    return 1;
}

int main(void) {
    long n = 1000, count = 0;
    for (long y = 0; y < n; y++)
        for (long x = 0; x < n; x++) count += stays(2.0 * x / n - 1.5, 2.0 * y / n - 1.0, 50);
    printf("%ld\n", count);
    return 0;
}
