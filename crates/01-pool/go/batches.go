package main

import "sync"

// ANCHOR: run

// Batches is the talk's pool: it runs a batch of at most limit items, waits for all of it, and runs the next.
func Batches[T, R any](items []T, limit int, work func(T) R) []R {
	results := make([]R, len(items))
	for start := 0; start < len(items); start += limit {
		end := min(start+limit, len(items))
		var wg sync.WaitGroup
		for i := start; i < end; i++ {
			wg.Add(1)
			go func() {
				defer wg.Done()
				results[i] = work(items[i])
			}()
		}
		wg.Wait() // for the whole batch
	}
	return results
}

// ANCHOR_END: run
