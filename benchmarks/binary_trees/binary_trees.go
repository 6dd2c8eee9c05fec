// Builds and walks binary trees up to depth 18.
package main

import "fmt"

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
	deepest := 18
	fmt.Printf("stretch tree of depth %d: %d\n", deepest+1, grow(deepest+1).check())
	kept := grow(deepest)
	for depth := 4; depth <= deepest; depth += 2 {
		times, sum := 1<<(deepest-depth+4), 0
		for i := 0; i < times; i++ {
			sum += grow(depth).check()
		}
		fmt.Printf("%d trees of depth %d: %d\n", times, depth, sum)
	}
	fmt.Printf("long lived tree of depth %d: %d\n", deepest, kept.check())
}
