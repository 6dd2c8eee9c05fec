// Two million calls of one goroutine, one after the other.
package main

import "fmt"

type request struct {
	amount int
	reply  chan int
}

func counter(in chan request) {
	n := 0
	for r := range in {
		n += r.amount
		r.reply <- n
	}
}

func main() {
	in := make(chan request, 1)
	go counter(in)
	last := 0
	for i := 0; i < 2000000; i++ {
		reply := make(chan int, 1)
		in <- request{1, reply}
		last = <-reply
	}
	fmt.Println(last)
}
