// What a program costs that does nothing: its start and its end.
package main

import "fmt"

func main() {
	fmt.Println("hello")
}
