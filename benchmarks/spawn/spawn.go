// A million goroutines: each takes one message, answers, and ends.
package main

import "fmt"

func worker(in chan int, out chan int) { out <- <-in }

func main() {
	const n = 1000000
	out := make(chan int, n)
	for i := 0; i < n; i++ {
		in := make(chan int, 1)
		go worker(in, out)
		in <- i
	}
	total := 0
	for i := 0; i < n; i++ {
		total += <-out
	}
	fmt.Println(total)
}
