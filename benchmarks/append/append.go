// Elements appended one by one.
package main

import "fmt"

func main() {
	xs := []int{}
	for i := 0; i < 1000000; i++ {
		xs = append(xs, i)
	}
	sum := 0
	for _, x := range xs {
		sum += x
	}
	fmt.Println(sum)
}
