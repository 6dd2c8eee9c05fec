// A million idle goroutines, each with a small state; they are asked once, so that all have run.
package main

import "fmt"

func cell(in, owner chan int, value int, name string) {
	for n := range in {
		value += n
		owner <- value
	}
}

func main() {
	const size = 1000000
	me := make(chan int, 1024)
	cells := make([]chan int, size)
	go func() {
		for i := range cells {
			cells[i] = make(chan int, 1)
			go cell(cells[i], me, i, "cell")
			cells[i] <- 1
		}
	}()
	total := 0
	for range cells {
		total += <-me
	}
	fmt.Println(total)
}
