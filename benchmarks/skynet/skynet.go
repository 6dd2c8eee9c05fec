// A tree of goroutines, ten children each, a million leaves: the sum of the leaves' numbers.
package main

import "fmt"

func node(parent chan int, number, size int) {
	if size == 1 {
		parent <- number
		return
	}
	part := size / 10
	in := make(chan int, 10)
	for i := 0; i < 10; i++ {
		go node(in, number+i*part, part)
	}
	total := 0
	for i := 0; i < 10; i++ {
		total += <-in
	}
	parent <- total
}

func main() {
	out := make(chan int, 1)
	go node(out, 0, 1000000)
	fmt.Println(<-out)
}
