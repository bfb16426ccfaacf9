package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"
)

const (
	looks    = 20_000_000
	children = 10_000
	calls    = 1_000
	samples  = 4_000
)

// keep holds what would otherwise be collected.
var keep any

// measure prints one figure per line: a name, a value.
func measure() {
	fmt.Printf("look %v\n", look())
	fmt.Printf("cancel %v\n", cancelChildren())
	p50, p99 := cancelToStopped()
	fmt.Printf("p50 %v\np99 %v\n", p50, p99)
	fmt.Printf("child %v\n", bytesPer(children, func(parent context.Context) any {
		ctx, cancel := context.WithCancel(parent)
		return [2]any{ctx, cancel}
	})-slot)
	fmt.Printf("waiting %v\n", bytesPer(children, func(parent context.Context) any {
		ctx, cancel := context.WithCancel(parent)
		return [3]any{ctx, cancel, ctx.Done()}
	})-slot-16)
	fmt.Printf("dropped %v\n", bytesPer(calls, func(parent context.Context) any {
		// As the production code does, but for `go vet`, which refuses to discard a cancel function.
		_, cancel := context.WithTimeout(parent, time.Minute)
		forget(cancel)
		return nil
	}))
	fmt.Printf("called %v\n", bytesPer(calls, func(parent context.Context) any {
		_, cancel := context.WithTimeout(parent, time.Minute)
		cancel()
		return nil
	}))
}

// slot is what the measurement itself keeps for a child: the array of two interfaces, on the heap.
const slot = 32

func forget(context.CancelFunc) {}

// look returns the nanoseconds of one look at a context, by Err.
func look() float64 {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	seen := 0
	start := time.Now()
	for range looks {
		if ctx.Err() != nil {
			seen++
		}
	}
	took := time.Since(start)
	keep = seen
	return float64(took.Nanoseconds()) / looks
}

// cancelChildren returns the nanoseconds per child of cancelling 10,000 children: the median of several.
func cancelChildren() float64 {
	var took []float64
	for range 21 {
		parent, cancel := context.WithCancel(context.Background())
		all := make([]context.Context, children)
		cancels := make([]context.CancelFunc, children)
		for i := range all {
			all[i], cancels[i] = context.WithCancel(parent)
		}
		start := time.Now()
		cancel()
		took = append(took, float64(time.Since(start).Nanoseconds())/children)
		for i := range all {
			if all[i].Err() == nil {
				panic("a child isn't cancelled")
			}
			cancels[i]()
		}
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// cancelToStopped returns the median and the 99th percentile of the nanoseconds from a cancellation to the moment in
// which a waiting goroutine runs.
func cancelToStopped() (p50, p99 int64) {
	took := make([]int64, samples)
	begun := time.Now()
	for i := range took {
		ctx, cancel := context.WithCancel(context.Background())
		waiting := make(chan struct{})
		stopped := make(chan time.Duration)
		go func() {
			close(waiting)
			<-ctx.Done()
			stopped <- time.Since(begun)
		}()
		<-waiting
		spin(20 * time.Microsecond)
		start := time.Since(begun)
		cancel()
		took[i] = int64(<-stopped - start)
	}
	slices.Sort(took)
	return took[samples/2], took[samples*99/100]
}

func spin(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}

// bytesPer returns the bytes of the heap that each of n calls leaves in use.
func bytesPer(n int, call func(context.Context) any) float64 {
	parent, cancel := context.WithCancel(context.Background())
	defer cancel()
	kept := make([]any, n)
	before := heap()
	for i := range kept {
		kept[i] = call(parent)
	}
	after := heap()
	keep = kept
	runtime.KeepAlive(parent)
	return float64(int64(after)-int64(before)) / float64(n)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
