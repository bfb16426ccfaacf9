package main

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Waiting is a number of goroutines that wait for one signal.
type Waiting struct {
	release chan struct{}
	waiting atomic.Int64
	ended   sync.WaitGroup
}

// Start starts count goroutines. It calls started with how many there are, after each thousand of them.
func Start(count int, started func(int)) *Waiting {
	// ANCHOR: start
	all := &Waiting{release: make(chan struct{})}
	for i := range count {
		all.ended.Go(func() {
			all.waiting.Add(1)
			<-all.release
		})
		if (i+1)%1_000 == 0 {
			started(i + 1)
		}
	}
	// ANCHOR_END: start
	for all.waiting.Load() < int64(count) {
		runtime.Gosched()
	}
	return all
}

// Finish tells all goroutines to end, and waits until they have.
func (all *Waiting) Finish() {
	close(all.release)
	all.ended.Wait()
}
