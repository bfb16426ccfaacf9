package main

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	calls   = 20_000 // of each goroutine, in one slice
	repeats = 61     // slices, of which the median counts
	tokens  = 2 * calls
)

// measure prints one figure per line: a name, the number of goroutines, and the nanoseconds of a call.
func measure() {
	for _, goroutines := range []int{1, 2} {
		bucket := make(chan struct{}, tokens)
		take := func() {
			select {
			case <-bucket:
			default:
			}
		}
		fill := func() {
			for len(bucket) < tokens {
				bucket <- struct{}{}
			}
		}
		empty := func() {
			for len(bucket) > 0 {
				<-bucket
			}
		}
		permits := make(chan struct{}, 10)
		takeAndGiveBack := func() {
			select {
			case permits <- struct{}{}:
				<-permits
			default:
			}
		}
		fmt.Printf("admitted go %d %v\n", goroutines, perCall(goroutines, fill, take))
		fmt.Printf("refused go %d %v\n", goroutines, perCall(goroutines, empty, take))
		fmt.Printf("permit go %d %v\n", goroutines, perCall(goroutines, func() {}, takeAndGiveBack))
	}
}

// perCall returns the nanoseconds of a call, like per_call in examples/measure_limits/pinned.rs. It can't pin a thread.
func perCall(goroutines int, prepare, call func()) float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(goroutines))
	epoch := time.Now()
	var took []float64
	for range repeats {
		prepare()
		var arrived atomic.Int64
		starts, ends := make([]time.Duration, goroutines), make([]time.Duration, goroutines)
		var wg sync.WaitGroup
		for i := range goroutines {
			wg.Go(func() {
				arrived.Add(1)
				for arrived.Load() < int64(goroutines) {
				}
				starts[i] = time.Since(epoch)
				for range calls {
					call()
				}
				ends[i] = time.Since(epoch)
			})
		}
		wg.Wait()
		first := slices.Min(starts)
		slice := slices.Max(ends) - first
		if slices.Max(starts)-first < slice/10 {
			took = append(took, float64(slice.Nanoseconds())/calls)
		}
	}
	if len(took) == 0 {
		return math.NaN()
	}
	slices.Sort(took)
	return took[len(took)/2]
}
