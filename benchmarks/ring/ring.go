// Ten thousand goroutines in a ring; a number goes round for a million hops.
package main

import "fmt"

func node(in, next, main chan int) {
	for n := range in {
		if n >= 1000000 {
			main <- n
			return
		}
		next <- n + 1
	}
}

func main() {
	const size = 10000
	done := make(chan int, 1)
	ring := make([]chan int, size)
	for i := range ring {
		ring[i] = make(chan int, 1)
	}
	for i := range ring {
		go node(ring[i], ring[(i+1)%size], done)
	}
	ring[0] <- 0
	fmt.Println(<-done)
}
