// The talk's counter in Go: two goroutines increment each kind of counter a million times each.
// An argument names one kind, as in "go run -race . plain".
package main

import (
	"fmt"
	"os"
	"sync"
)

// Counter is the interface of all four kinds.
type Counter interface {
	Increment()
	Get() uint64
}

var counters = []struct {
	name string
	make func() Counter
}{
	{"plain", func() Counter { return new(Plain) }},
	{"loadstore", func() Counter { return new(LoadStore) }},
	{"atomic", func() Counter { return new(Atomic) }},
	{"mutex", func() Counter { return new(Mutex) }},
}

const each = 1_000_000

// Count increments from two goroutines, each times each, and returns the final number.
func Count(counter Counter, each int) uint64 {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range each {
				counter.Increment()
			}
		})
	}
	wg.Wait()
	return counter.Get()
}

func main() {
	found := len(os.Args) < 2
	for _, counter := range counters {
		if len(os.Args) < 2 || os.Args[1] == counter.name {
			found = true
			fmt.Printf("%-9s %d of %d\n", counter.name, Count(counter.make(), each), 2*each)
		}
	}
	if !found {
		fmt.Fprintf(os.Stderr, "there is no counter named %q; the names are plain, loadstore, atomic, mutex\n", os.Args[1])
		os.Exit(2)
	}
}
