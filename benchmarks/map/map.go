// A map of a million ints, changed in place: put all, look all up, update all.
package main

import "fmt"

const n = 1000000

func key(i int) int { return i * 7919 % 1000003 }

func sumAll(m map[int]int) int {
	sum := 0
	for i := 0; i < n; i++ {
		sum += m[key(i)]
	}
	return sum
}

func main() {
	m := make(map[int]int)
	for i := 0; i < n; i++ {
		m[key(i)] = i
	}
	fmt.Println(sumAll(m))
	for i := 0; i < n; i++ {
		m[key(i)]++
	}
	fmt.Println(sumAll(m))
	fmt.Println(len(m))
}
