// A hash table of a million Ints: put all, look all up, update all.
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    long key, value;
} Entry;

typedef struct {
    Entry *entries;
    unsigned long room, count;
} Table;

static unsigned long hash(long key) {
    unsigned long h = (unsigned long)key * 0x9E3779B97F4A7C15UL;
    return h ^ h >> 32;
}

// The place of a key, or the free one where it belongs. A free entry has the key -1.
static Entry *find(const Table *t, long key) {
    unsigned long i = hash(key) & (t->room - 1);
    while (t->entries[i].key != key && t->entries[i].key != -1) i = (i + 1) & (t->room - 1);
    return &t->entries[i];
}

static void make(Table *t, unsigned long room) {
    t->entries = malloc(room * sizeof *t->entries);
    t->room = room;
    for (unsigned long i = 0; i < room; i++) t->entries[i].key = -1;
}

static void put(Table *t, long key, long value) {
    if (t->count * 2 >= t->room) {
        Table old = *t;
        make(t, old.room * 2);
        for (unsigned long i = 0; i < old.room; i++)
            if (old.entries[i].key != -1) *find(t, old.entries[i].key) = old.entries[i];
        free(old.entries);
    }
    Entry *e = find(t, key);
    if (e->key == -1) t->count++;
    *e = (Entry){key, value};
}

static long key(long i) { return i * 7919 % 1000003; }

static long sum_all(const Table *t, long n) {
    long sum = 0;
    for (long i = 0; i < n; i++) sum += find(t, key(i))->value;
    return sum;
}

int main(void) {
    long n = 1000000;
    Table t = {0};
    make(&t, 16);
    for (long i = 0; i < n; i++) put(&t, key(i), i);
    printf("%ld\n", sum_all(&t, n));
    for (long i = 0; i < n; i++) find(&t, key(i))->value++;
    printf("%ld\n%lu\n", sum_all(&t, n), t.count);
    return 0;
}
