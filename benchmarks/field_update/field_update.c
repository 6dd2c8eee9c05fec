// One field of a struct updated ten million times.
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    const char *name, *owner;
    long limit, balance, changes;
    double rate;
} Account;

int main(void) {
    Account *a = malloc(sizeof *a);
    *a = (Account){"savings", "Ada", 100, 0, 0, 1.5};
    for (long i = 0; i < 10000000; i++) a->balance = (a->balance * 31 + i) % 1000003;
    printf("%ld\n", a->balance);
    free(a);
    return 0;
}
