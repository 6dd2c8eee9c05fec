// What a program costs that does nothing: its start and its end.
#include <stdio.h>

int main(void) {
    puts("hello");
    return 0;
}
