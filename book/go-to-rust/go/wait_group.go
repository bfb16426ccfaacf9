package gotorust

import (
	"sync"
	"time"
)

// ANCHOR: sleeps

// Sleeps sleeps for all of times at once; returns what each goroutine wrote to its own index.
func Sleeps(times []time.Duration) []time.Duration {
	slept := make([]time.Duration, len(times))
	var wg sync.WaitGroup
	for i, d := range times {
		wg.Go(func() { // Add(1), go, and a deferred Done
			time.Sleep(d)
			slept[i] = d
		})
	}
	wg.Wait()
	return slept
}

// ANCHOR_END: sleeps
