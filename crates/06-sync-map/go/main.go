// The talk's result collection in Go: 1,000 clusters, each with a result, collected in three ways. An argument names one
// way; "plain" is broken on purpose. With the argument "measure" it prints figures for scripts/bench.
package main

import (
	"fmt"
	"os"
	"sync"
)

// Collect is the signature of all variants.
type Collect func(clusters []int, limit int, work func(int) int) map[int]int

var variants = []struct {
	name    string
	collect Collect
}{
	{"syncmap", SyncMap[int, int]},
	{"mutexmap", MutexMap[int, int]},
	{"slice", Slice[int, int]},
}

const clusters = 1_000

// forEach calls f for each item, in at most limit goroutines at once, and waits for all of them.
func forEach[T any](items []T, limit int, f func(int, T)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, limit)
	for i, item := range items {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			f(i, item)
		})
	}
	wg.Wait()
}

func collect(collect Collect) int {
	all := make([]int, clusters)
	for i := range all {
		all[i] = i
	}
	return len(collect(all, 100, func(cluster int) int { return cluster * cluster }))
}

func main() {
	argument := ""
	if len(os.Args) > 1 {
		argument = os.Args[1]
	}
	switch argument {
	case "measure":
		measure()
		return
	case "plain":
		fmt.Printf("plain     %d of %d results\n", collect(Plain[int, int]), clusters)
		return
	}
	found := argument == ""
	for _, variant := range variants {
		if argument == "" || argument == variant.name {
			found = true
			fmt.Printf("%-9s %d of %d results\n", variant.name, collect(variant.collect), clusters)
		}
	}
	if !found {
		fmt.Fprintf(os.Stderr, "there is no variant named %q; the names are syncmap, mutexmap, slice, plain\n", argument)
		os.Exit(2)
	}
}
