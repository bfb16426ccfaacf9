// The table of chapter 9 in Go: what each way to run many items costs, on the real clock.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Descriptors is the number of descriptors that the items may have open at once.
const Descriptors = 150

func main() {
	workload := flag.String("workload", "all", "one of "+strings.Join(workloads, ", ")+", or all")
	items := flag.Int("items", 100, "the number of items, at least 1")
	limit := flag.Int("limit", 10, "the most items in flight at once, at least 1")
	seed := flag.Uint64("seed", 7, "the seed of the durations")
	flag.Parse()
	chosen := []string{*workload}
	if *workload == "all" {
		chosen = workloads
	} else if !slices.Contains(workloads, *workload) {
		refuse("-workload has to be one of " + strings.Join(workloads, ", ") + ", or all")
	}
	if *items < 1 || *limit < 1 {
		refuse("-items and -limit have to be at least 1")
	}
	fmt.Printf("%d items, limit %d, seed %d, %d descriptors, real time\n", *items, *limit, *seed, Descriptors)
	for _, workload := range chosen {
		fmt.Printf("\n%-20s%15s%11s%11s%13s%9s\n", workload, "time", "goroutines", "in flight", "bytes", "failed")
		durations := Durations(workload, *items, *seed)
		for _, strategy := range strategies {
			var cost Cost
			bytes := peak(func() { cost = Measure(strategy.run, durations, *limit, Descriptors) })
			took := fmt.Sprint(cost.took.Milliseconds(), " ms")
			fmt.Printf("%-20s%15s%11d%11d%13d%9d\n", strategy.name, took, cost.goroutines, cost.inFlight, bytes, cost.failed)
		}
	}
}

func refuse(message string) {
	fmt.Fprintln(os.Stderr, "comparison:", message)
	os.Exit(2)
}

// peak returns the most bytes of heap and stacks in use while f runs, above those in use before. It looks every
// millisecond, because Go has no allocator that a program can replace.
func peak(f func()) uint64 {
	used := func() uint64 {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc + stats.StackInuse
	}
	runtime.GC()
	before := used()
	highest := before
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		ticks := time.NewTicker(time.Millisecond)
		defer ticks.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticks.C:
				highest = max(highest, used())
			}
		}
	}()
	f()
	close(done)
	<-over
	return highest - before
}
