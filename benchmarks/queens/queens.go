// All ways to place 10 queens, 50 times, with linked lists.
package main

import "fmt"

type queens struct {
	column int
	rest   *queens
}

func safe(q *queens, column, distance int) bool {
	for ; q != nil; q, distance = q.rest, distance+1 {
		if q.column == column || q.column == column+distance || q.column == column-distance {
			return false
		}
	}
	return true
}

func place(q *queens, rows, n int) int {
	if rows == 0 {
		return 1
	}
	found := 0
	for column := 0; column < n; column++ {
		if safe(q, column, 1) {
			found += place(&queens{column, q}, rows-1, n)
		}
	}
	return found
}

func main() {
	sum := 0
	for i := 0; i < 50; i++ {
		sum += place(nil, 10, 10)
	}
	fmt.Println(sum)
}
