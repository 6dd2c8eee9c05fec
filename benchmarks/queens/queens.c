// All ways to place 10 queens, 50 times, with linked lists.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Queens {
    long column;
    const struct Queens *rest;
} Queens;

static bool safe(const Queens *q, long column, long distance) {
    for (; q; q = q->rest, distance++)
        if (q->column == column || q->column == column + distance || q->column == column - distance) return false;
    return true;
}

static long place(const Queens *queens, long rows, long n) {
    if (rows == 0) return 1;
    long found = 0;
    for (long column = 0; column < n; column++)
        if (safe(queens, column, 1)) {
            Queens *more = malloc(sizeof *more);
            *more = (Queens){column, queens};
            found += place(more, rows - 1, n);
            free(more);
        }
    return found;
}

int main(void) {
    long sum = 0;
    for (int i = 0; i < 50; i++) sum += place(NULL, 10, 10);
    printf("%ld\n", sum);
    return 0;
}
