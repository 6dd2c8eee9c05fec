// A text of 10 MB put together from a million pieces, then split into words that are counted.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *pieces[] = {"snowflake ", "avalanche ", "blizzards ", "icicle-ab ",
                               "glaciers- ", "snowdrift ", "toboggans ", "frostbite "};

typedef struct {
    const char *start;
    size_t length;
} Word;

typedef struct {
    Word word;
    long count;
} Entry;

enum { ROOM = 64 };

static Entry table[ROOM];

static Entry *find(Word w) {
    unsigned long h = 14695981039346656037UL;
    for (size_t i = 0; i < w.length; i++) h = (h ^ (unsigned char)w.start[i]) * 1099511628211UL;
    unsigned long i = h % ROOM;
    while (table[i].word.start &&
           (table[i].word.length != w.length || memcmp(table[i].word.start, w.start, w.length) != 0))
        i = (i + 1) % ROOM;
    return &table[i];
}

static int by_word(const void *a, const void *b) {
    const Word *x = &((const Entry *)a)->word, *y = &((const Entry *)b)->word;
    int order = memcmp(x->start, y->start, x->length < y->length ? x->length : y->length);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

int main(void) {
    size_t size = 0, room = 16;
    char *text = malloc(room);
    for (long i = 0; i < 1000000; i++) {
        const char *piece = pieces[i * i % 7];
        size_t length = strlen(piece);
        while (size + length > room) text = realloc(text, room *= 2);
        memcpy(text + size, piece, length);
        size += length;
    }
    printf("%zu\n", size);
    size_t count = 0, words_room = 16;
    Word *words = malloc(words_room * sizeof *words);
    for (size_t start = 0;;) {
        const char *end = memchr(text + start, ' ', size - start);
        size_t length = end ? (size_t)(end - text) - start : size - start;
        if (count == words_room) words = realloc(words, (words_room *= 2) * sizeof *words);
        words[count++] = (Word){text + start, length};
        if (!end) break;
        start += length + 1;
    }
    printf("%zu\n", count);
    for (size_t i = 0; i < count; i++) {
        Entry *e = find(words[i]);
        e->word = words[i];
        e->count++;
    }
    size_t used = 0;
    for (int i = 0; i < ROOM; i++)
        if (table[i].count) table[used++] = table[i];
    qsort(table, used, sizeof *table, by_word);
    for (size_t i = 0; i < used; i++)
        printf("%.*s: %ld\n", (int)table[i].word.length, table[i].word.start, table[i].count);
    return 0;
}
