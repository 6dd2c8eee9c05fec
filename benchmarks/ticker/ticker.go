// A goroutine that sleeps 1 ms again and again beside one busy goroutine per core: how late does it wake?
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"time"
)

var sink int

func hog(n int) {
	for {
		n = (n*7 + 1) % 1000003
		if n < 0 {
			sink = n
		}
	}
}

func main() {
	for i := 0; i < runtime.NumCPU(); i++ {
		go hog(i)
	}
	var late []int
	for i := 0; i < 2000; i++ {
		start := time.Now()
		time.Sleep(time.Millisecond)
		late = append(late, int(time.Since(start).Microseconds())-1000)
	}
	sort.Ints(late)
	fmt.Fprintf(os.Stderr, "late us: median %d p99 %d max %d\n", late[1000], late[1980], late[1999])
	fmt.Println("done")
}
