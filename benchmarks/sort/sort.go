// Five slices of a million random ints, sorted.
package main

import (
	"fmt"
	"sort"
)

func main() {
	n, x := 1000000, 42
	for round := 0; round < 5; round++ {
		xs := []int{}
		for i := 0; i < n; i++ {
			xs = append(xs, x)
			x = (x*1103515245 + 12345) % 2147483648
		}
		sort.Ints(xs)
		fmt.Println(xs[0], xs[n/2], xs[n-1])
	}
}
