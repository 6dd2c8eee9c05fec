// Counts the points of a 1000 x 1000 grid that stay bounded for 50 steps.
package main

import "fmt"

func stays(cr, ci float64) bool {
	zr, zi := 0.0, 0.0
	for step := 0; step < 50; step++ {
		r2, i2 := zr*zr, zi*zi
		if r2+i2 > 4 {
			return false
		}
		zr, zi = r2-i2+cr, 2*zr*zi+ci
	}
	return true
}

func main() {
	n, count := 1000, 0
	for y := 0; y < n; y++ {
		for x := 0; x < n; x++ {
			if stays(2*float64(x)/float64(n)-1.5, 2*float64(y)/float64(n)-1) {
				count++
			}
		}
	}
	fmt.Println(count)
}
