// The talk's cancellation in Go: processes five items of 100 ms for a browser that leaves at 250 ms, in three ways, and
// prints when each returns. With the argument "measure" it prints figures for scripts/bench.
package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// Process is the signature of all three.
type Process func(ctx context.Context, items []int, work func(context.Context, int) int) []int

var variants = []struct {
	name    string
	process Process
}{
	{"ignored", Ignored[int, int]},
	{"polled", Polled[int, int]},
	{"raced", Raced[int, int]},
}

// work takes 100 ms, unless the context is cancelled before that.
func work(ctx context.Context, item int) int {
	timer := time.NewTimer(100 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return item
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "measure" {
		measure()
		return
	}
	for _, variant := range variants {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(250*time.Millisecond, cancel)
		start := time.Now()
		done := variant.process(ctx, []int{1, 2, 3, 4, 5}, work)
		fmt.Printf("%-8s returned at %v, with %d of 5 items done\n",
			variant.name, time.Since(start).Round(10*time.Millisecond), len(done))
		cancel()
	}
}
