// A text of 10 MB put together from a million pieces, then split into words that are counted.
package main

import (
	"fmt"
	"sort"
	"strings"
)

var pieces = []string{
	"snowflake ", "avalanche ", "blizzards ", "icicle-ab ", "glaciers- ", "snowdrift ", "toboggans ", "frostbite ",
}

func main() {
	var b strings.Builder
	for i := 0; i < 1000000; i++ {
		b.WriteString(pieces[i*i%7])
	}
	text := b.String()
	fmt.Println(len(text))
	words := strings.Split(text, " ")
	fmt.Println(len(words))
	counts := make(map[string]int)
	for _, word := range words {
		counts[word]++
	}
	keys := make([]string, 0, len(counts))
	for word := range counts {
		keys = append(keys, word)
	}
	sort.Strings(keys)
	for _, word := range keys {
		fmt.Printf("%s: %d\n", word, counts[word])
	}
}
