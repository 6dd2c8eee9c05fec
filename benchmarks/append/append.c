#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  int64_t *xs = NULL;
  size_t len = 0, cap = 0;
  for (int64_t i = 0; i < 1000000; i++) {
    if (len == cap) {
      cap = cap ? cap * 2 : 4;
      xs = realloc(xs, cap * sizeof *xs);
    }
    xs[len++] = i;
  }
  int64_t sum = 0;
  for (size_t i = 0; i < len; i++) sum += xs[i];
  printf("%ld\n", (long)sum);
  free(xs);
  return 0;
}
