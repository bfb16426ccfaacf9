package main

import (
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// In a synctest bubble time is virtual, like Tokio's paused clock.
func TestFiveItemsOf100ms(t *testing.T) {
	took := map[string]time.Duration{
		"sequential": 500 * time.Millisecond,
		"unlimited":  100 * time.Millisecond,
		"batches":    200 * time.Millisecond,
		"semaphore":  200 * time.Millisecond,
		"workers":    200 * time.Millisecond,
	}
	most := map[string]int64{"sequential": 1, "unlimited": 5, "batches": 3, "semaphore": 3, "workers": 3}
	for _, pool := range pools {
		t.Run(pool.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var now, peak atomic.Int64
				start := time.Now()
				results := pool.run([]int{1, 2, 3, 4, 5}, 3, func(item int) int {
					for n := now.Add(1); ; {
						before := peak.Load()
						if n <= before || peak.CompareAndSwap(before, n) {
							break
						}
					}
					time.Sleep(100 * time.Millisecond)
					now.Add(-1)
					return item * item
				})
				if want := []int{1, 4, 9, 16, 25}; !slices.Equal(results, want) {
					t.Errorf("got results %v, want %v", results, want)
				}
				if got := time.Since(start); got != took[pool.name] {
					t.Errorf("took %v, want %v", got, took[pool.name])
				}
				if got := peak.Load(); got > most[pool.name] {
					t.Errorf("%d items in flight, want at most %d", got, most[pool.name])
				}
			})
		})
	}
}

const manyItems = 10_000

// BenchmarkPool uses the names of criterion's groups, so that scripts/bench puts both into one picture.
func BenchmarkPool(b *testing.B) {
	items := make([]int, manyItems)
	for _, threads := range []struct {
		name  string
		count int
	}{{"one thread", 1}, {"two threads", 2}} {
		b.Run("no-op items on "+threads.name, func(b *testing.B) {
			for _, pool := range pools[1:] {
				b.Run("Go: "+pool.name, func(b *testing.B) {
					defer setThreads(threads.count)()
					for b.Loop() {
						pool.run(items, 10, func(item int) int { return item })
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*manyItems), "ns/item")
				})
			}
		})
	}
}
