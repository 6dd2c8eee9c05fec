// One field of a struct updated ten million times.
package main

import "fmt"

type account struct {
	name, owner             string
	limit, balance, changes int
	rate                    float64
}

func main() {
	a := &account{"savings", "Ada", 100, 0, 0, 1.5}
	for i := 0; i < 10000000; i++ {
		a.balance = (a.balance*31 + i) % 1000003
	}
	fmt.Println(a.balance)
}
