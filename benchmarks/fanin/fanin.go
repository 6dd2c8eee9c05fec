// A hundred goroutines send a hundred thousand messages each to one.
package main

import "fmt"

func main() {
	in := make(chan int, 1024)
	for i := 0; i < 100; i++ {
		go func() {
			for left := 100000; left > 0; left-- {
				in <- left
			}
		}()
	}
	total := 0
	for left := 10000000; left > 0; left-- {
		total += <-in
	}
	fmt.Println(total)
}
