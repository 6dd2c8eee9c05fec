// Builds and walks binary trees up to depth 18, with malloc and free.
#include <stdio.h>
#include <stdlib.h>

typedef struct Tree {
    struct Tree *left, *right;
} Tree;

static Tree *grow(int depth) {
    Tree *t = malloc(sizeof *t);
    t->left = depth == 0 ? NULL : grow(depth - 1);
    t->right = depth == 0 ? NULL : grow(depth - 1);
    return t;
}

static long check(const Tree *t) { return t ? 1 + check(t->left) + check(t->right) : 0; }

static void drop(Tree *t) {
    if (!t) return;
    drop(t->left);
    drop(t->right);
    free(t);
}

int main(void) {
    int deepest = 18;
    Tree *stretch = grow(deepest + 1);
    printf("stretch tree of depth %d: %ld\n", deepest + 1, check(stretch));
    drop(stretch);
    Tree *kept = grow(deepest);
    for (int depth = 4; depth <= deepest; depth += 2) {
        long times = 1L << (deepest - depth + 4), sum = 0;
        for (long i = 0; i < times; i++) {
            Tree *t = grow(depth);
            sum += check(t);
            drop(t);
        }
        printf("%ld trees of depth %d: %ld\n", times, depth, sum);
    }
    printf("long lived tree of depth %d: %ld\n", deepest, check(kept));
    drop(kept);
    return 0;
}
