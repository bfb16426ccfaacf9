package main

import "sync"

// ANCHOR: run

// Unlimited runs all items at once, each in its own goroutine.
func Unlimited[T, R any](items []T, limit int, work func(T) R) []R {
	results := make([]R, len(items))
	var wg sync.WaitGroup
	for i, item := range items {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results[i] = work(item)
		}()
	}
	wg.Wait()
	return results
}

// ANCHOR_END: run
