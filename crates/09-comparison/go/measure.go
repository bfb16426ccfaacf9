package main

import (
	"errors"
	"runtime"
	"sync/atomic"
	"time"
)

// Cost is what a run cost.
type Cost struct {
	took       time.Duration
	goroutines int
	inFlight   int
	failed     int
}

var errNoDescriptor = errors.New("all descriptors are in use")

// Measure runs the strategy over items of these durations, each of which needs one of so many descriptors.
func Measure(run Strategy, items []time.Duration, limit, descriptors int) Cost {
	var gauge InFlight
	var goroutines atomic.Int64
	open := make(chan struct{}, descriptors)
	before := runtime.NumGoroutine()
	start := time.Now()
	// ANCHOR: item
	results := run(items, limit, func(length time.Duration) error {
		raise(&goroutines, int64(runtime.NumGoroutine()-before))
		select {
		case open <- struct{}{}:
			defer func() { <-open }()
		default:
			return errNoDescriptor
		}
		gauge.Enter()
		defer gauge.Leave()
		time.Sleep(length)
		return nil
	})
	// ANCHOR_END: item
	cost := Cost{took: time.Since(start), inFlight: gauge.Peak()}
	// A strategy that starts none runs on the caller's.
	cost.goroutines = max(1, int(goroutines.Load()))
	for _, err := range results {
		if err != nil {
			cost.failed++
		}
	}
	return cost
}

// raise stores value unless what is there is higher.
func raise(highest *atomic.Int64, value int64) {
	for {
		seen := highest.Load()
		if value <= seen || highest.CompareAndSwap(seen, value) {
			return
		}
	}
}
