package main

import "sync"

// ANCHOR: run

// Semaphore starts a goroutine for each item as soon as a buffered channel has room for a permit.
func Semaphore[T, R any](items []T, limit int, work func(T) R) []R {
	results := make([]R, len(items))
	permits := make(chan struct{}, limit)
	var wg sync.WaitGroup
	for i, item := range items {
		permits <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			results[i] = work(item)
			<-permits
		}()
	}
	wg.Wait()
	return results
}

// ANCHOR_END: run
