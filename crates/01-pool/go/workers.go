package main

import "sync"

// ANCHOR: run

// Workers starts limit goroutines, which receive the indices of the items from a channel.
func Workers[T, R any](items []T, limit int, work func(T) R) []R {
	results := make([]R, len(items))
	next := make(chan int)
	var wg sync.WaitGroup
	for range limit {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				results[i] = work(items[i])
			}
		}()
	}
	for i := range items {
		next <- i
	}
	close(next)
	wg.Wait()
	return results
}

// ANCHOR_END: run
