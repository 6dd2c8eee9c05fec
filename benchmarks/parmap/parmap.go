// Sixty-four pieces of work, each a count of primes, mapped in parallel.
package main

import "fmt"

func divides(n int) bool {
	for d := 2; d*d <= n; d++ {
		if n%d == 0 {
			return true
		}
	}
	return false
}

func main() {
	out := make(chan int, 64)
	for i := 0; i < 64; i++ {
		go func(from int) {
			found := 0
			for n := from; n < from+40000; n++ {
				if !divides(n) {
					found++
				}
			}
			out <- found
		}(1000000 + i*40000)
	}
	total := 0
	for i := 0; i < 64; i++ {
		total += <-out
	}
	fmt.Println(total)
}
