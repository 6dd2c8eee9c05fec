// About 1 GB of live data, in small objects, replaced one after the other. How long does the longest step take?
package main

import (
	"fmt"
	"os"
	"time"
)

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{grow(depth - 1), grow(depth - 1)}
}

func (t *tree) check() int {
	if t == nil {
		return 0
	}
	return 1 + t.left.check() + t.right.check()
}

func main() {
	live := make([]*tree, 1400000)
	for i := range live {
		live[i] = grow(4)
	}
	longest := time.Duration(0)
	before := time.Now()
	for i := 0; i < 3000000; i++ {
		live[i*7919%len(live)] = grow(4)
		now := time.Now()
		if gap := now.Sub(before); gap > longest {
			longest = gap
		}
		before = now
	}
	sum := 0
	for _, t := range live {
		sum += t.check()
	}
	fmt.Println(sum)
	fmt.Fprintf(os.Stderr, "Go: longest step %d µs\n", longest.Microseconds())
}
