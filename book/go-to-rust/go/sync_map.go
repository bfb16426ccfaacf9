package gotorust

import (
	"sync"
	"sync/atomic"
)

// ANCHOR: count

// Count counts each word, with a goroutine per word. The map is from string to *atomic.Int64.
func Count(words []string) *sync.Map {
	var counts sync.Map
	var wg sync.WaitGroup
	for _, word := range words {
		wg.Go(func() {
			count, _ := counts.LoadOrStore(word, new(atomic.Int64))
			count.(*atomic.Int64).Add(1)
		})
	}
	wg.Wait()
	return &counts
}

// ANCHOR_END: count
