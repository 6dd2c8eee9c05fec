// Flips of pancakes over all permutations of 10.
package main

import "fmt"

const n = 10

func flips(work []int) int {
	count := 0
	for first := work[0]; first != 0; first = work[0] {
		for i, j := 0, first; i < j; i, j = i+1, j-1 {
			work[i], work[j] = work[j], work[i]
		}
		count++
	}
	return count
}

func main() {
	perm, work, counts := make([]int, n), make([]int, n), make([]int, n)
	for i := range perm {
		perm[i] = i
	}
	sum, most, r := 0, 0, n
	for nth := 0; ; nth++ {
		for ; r != 1; r-- {
			counts[r-1] = r
		}
		copy(work, perm)
		count := flips(work)
		if nth%2 == 0 {
			sum += count
		} else {
			sum -= count
		}
		if count > most {
			most = count
		}
		for ; ; r++ {
			if r == n {
				fmt.Printf("%d\nPfannkuchen(%d) = %d\n", sum, n, most)
				return
			}
			first := perm[0]
			copy(perm[:r], perm[1:r+1])
			perm[r] = first
			counts[r]--
			if counts[r] > 0 {
				break
			}
		}
	}
}
