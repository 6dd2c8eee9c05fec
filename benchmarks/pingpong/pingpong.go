// Two goroutines, five million messages between them.
package main

import "fmt"

type message struct {
	from chan int
	k    int
}

func echo(in chan message) {
	for m := range in {
		m.from <- m.k + 1
	}
}

func main() {
	in, me := make(chan message, 1), make(chan int, 1)
	go echo(in)
	k := 0
	for k < 2500000 {
		in <- message{me, k}
		k = <-me
	}
	fmt.Println(k)
}
