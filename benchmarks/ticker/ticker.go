// How late a wait of a millisecond ends beside one busy goroutine per core: two thousand waits.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"time"
)

var sink int

func hog() {
	n := 1
	for {
		if n > 1000000007 {
			n -= 1000000006
		} else {
			n = n*3 + 1
		}
		if n < 0 {
			sink = n
		}
	}
}

func main() {
	for i := 0; i < runtime.GOMAXPROCS(0); i++ {
		go hog()
	}
	late := make([]float64, 2000)
	for i := range late {
		before := time.Now()
		time.Sleep(time.Millisecond)
		late[i] = float64(time.Since(before).Microseconds())/1000 - 1
	}
	sort.Float64s(late)
	fmt.Fprintf(os.Stderr, "  Go lateness, ms: median %.1f p99 %.1f max %.1f\n", late[1000], late[1980], late[1999])
	fmt.Println("done")
}
