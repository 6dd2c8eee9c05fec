// Five arrays of a million random Ints, sorted.
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *a, const void *b) {
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

int main(void) {
    long n = 1000000, x = 42, *xs = malloc(n * sizeof *xs);
    for (int round = 0; round < 5; round++) {
        for (long i = 0; i < n; i++) {
            xs[i] = x;
            x = (x * 1103515245 + 12345) % 2147483648;
        }
        qsort(xs, n, sizeof *xs, compare);
        printf("%ld %ld %ld\n", xs[0], xs[n / 2], xs[n - 1]);
    }
    return 0;
}
