// The talk's permission checks in Go: 1,000 checks of 15 ms in four ways, with the time of each and the most that ran at
// once. With the argument "measure" it prints figures for scripts/bench.
package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// Answer is what became of a check.
type Answer struct {
	Allowed bool
	Err     error
}

// Check asks the database about one permission.
type Check func(permission string) Answer

// Limits are those of the talk, and a rate.
type Limits struct {
	Connections, Batch, Burst int
	Interval                  time.Duration // between two tokens
}

var talk = Limits{Connections: 10, Batch: 100, Burst: 10, Interval: 2 * time.Millisecond}

var variants = []struct {
	name     string
	checkAll func(permissions []string, limits Limits, check Check) []Answer
}{
	{"unlimited", Unlimited},
	{"batches", Batches},
	{"semaphore", Semaphore},
	{"ticker", Ticker},
}

// permissions returns the names of the talk's 1,000 permissions.
func permissions() []string {
	all := make([]string, 1_000)
	for i := range all {
		all[i] = fmt.Sprintf("app/%d", i+1)
	}
	return all
}

// gauge counts the checks in flight, and the most of them.
type gauge struct{ now, most atomic.Int64 }

func (g *gauge) enter() {
	now := g.now.Add(1)
	for most := g.most.Load(); now > most && !g.most.CompareAndSwap(most, now); most = g.most.Load() {
	}
}

func (g *gauge) leave() { g.now.Add(-1) }

func main() {
	if len(os.Args) == 2 && os.Args[1] == "measure" {
		measure()
		return
	}
	for _, variant := range variants {
		var inFlight gauge
		start := time.Now()
		variant.checkAll(permissions(), talk, func(string) Answer {
			inFlight.enter()
			defer inFlight.leave()
			time.Sleep(15 * time.Millisecond)
			return Answer{Allowed: true}
		})
		took := time.Since(start).Round(time.Millisecond)
		fmt.Printf("%-10s %v, at most %d in flight\n", variant.name, took, inFlight.most.Load())
	}
}
