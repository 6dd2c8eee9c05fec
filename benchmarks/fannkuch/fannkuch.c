// Flips of pancakes over all permutations of 10.
#include <stdio.h>
#include <string.h>

enum { N = 10 };

int main(void) {
    long perm[N], work[N], counts[N], sum = 0, most = 0, r = N;
    for (long i = 0; i < N; i++) perm[i] = i;
    for (long nth = 0;; nth++) {
        for (; r != 1; r--) counts[r - 1] = r;
        memcpy(work, perm, sizeof perm);
        long flips = 0;
        for (long first; (first = work[0]) != 0; flips++)
            for (long i = 0, j = first; i < j; i++, j--) {
                long t = work[i];
                work[i] = work[j];
                work[j] = t;
            }
        sum += nth % 2 == 0 ? flips : -flips;
        if (flips > most) most = flips;
        for (;; r++) {
            if (r == N) {
                printf("%ld\nPfannkuchen(%d) = %ld\n", sum, N, most);
                return 0;
            }
            long first = perm[0];
            for (long i = 0; i < r; i++) perm[i] = perm[i + 1];
            perm[r] = first;
            if (--counts[r] > 0) break;
        }
    }
}
