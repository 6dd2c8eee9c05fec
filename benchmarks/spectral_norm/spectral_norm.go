// The spectral norm of an infinite matrix, by power iteration.
package main

import (
	"fmt"
	"math"
)

func entry(i, j int) float64 { return 1 / float64((i+j)*(i+j+1)/2+i+1) }

func times(v []float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		sum := 0.0
		for j, x := range v {
			sum += entry(i, j) * x
		}
		out[i] = sum
	}
	return out
}

func timesTransposed(v []float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		sum := 0.0
		for j, x := range v {
			sum += entry(j, i) * x
		}
		out[i] = sum
	}
	return out
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

func main() {
	u := make([]float64, 1000)
	for i := range u {
		u[i] = 1
	}
	var v []float64
	for i := 0; i < 10; i++ {
		v = timesTransposed(times(u))
		u = timesTransposed(times(v))
	}
	fmt.Printf("%.9f\n", math.Sqrt(dot(u, v)/dot(v, v)))
}
