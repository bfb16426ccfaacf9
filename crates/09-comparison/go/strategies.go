package main

import (
	"sync"
	"time"
)

// Work is what is done with an item.
type Work func(time.Duration) error

// Strategy is the signature of all five. Sequential and Unlimited ignore the limit.
type Strategy func(items []time.Duration, limit int, work Work) []error

var strategies = []struct {
	name string
	run  Strategy
}{
	{"sequential", Sequential},
	{"unlimited", Unlimited},
	{"batches", Batches},
	{"semaphore", Semaphore},
	{"workers", Workers},
}

// Sequential runs one item after another.
func Sequential(items []time.Duration, limit int, work Work) []error {
	results := make([]error, len(items))
	for i, item := range items {
		results[i] = work(item)
	}
	return results
}

// ANCHOR: unlimited

// Unlimited runs all items at once, each in its own goroutine.
func Unlimited(items []time.Duration, limit int, work Work) []error {
	results := make([]error, len(items))
	var wg sync.WaitGroup
	for i, item := range items {
		wg.Go(func() { results[i] = work(item) })
	}
	wg.Wait()
	return results
}

// ANCHOR_END: unlimited

// Batches is the talk's pool: it runs a batch of at most limit items, waits for all of it, and runs the next.
func Batches(items []time.Duration, limit int, work Work) []error {
	var results []error
	for start := 0; start < len(items); start += limit {
		batch := items[start:min(start+limit, len(items))]
		results = append(results, Unlimited(batch, limit, work)...)
	}
	return results
}

// ANCHOR: semaphore

// Semaphore starts a goroutine for each item as soon as a buffered channel has room for a permit.
func Semaphore(items []time.Duration, limit int, work Work) []error {
	results := make([]error, len(items))
	permits := make(chan struct{}, limit)
	var wg sync.WaitGroup
	for i, item := range items {
		permits <- struct{}{}
		wg.Go(func() {
			defer func() { <-permits }()
			results[i] = work(item)
		})
	}
	wg.Wait()
	return results
}

// ANCHOR_END: semaphore

// Workers starts at most limit goroutines, which receive the indices of the items from a channel.
func Workers(items []time.Duration, limit int, work Work) []error {
	results := make([]error, len(items))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(limit, len(items)) {
		wg.Go(func() {
			for i := range next {
				results[i] = work(items[i])
			}
		})
	}
	for i := range items {
		next <- i
	}
	close(next)
	wg.Wait()
	return results
}
