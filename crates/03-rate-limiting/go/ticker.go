package main

import (
	"sync"
	"time"
)

// ANCHOR: check_all

// Ticker starts a check for each token. A goroutine adds one at each tick, unless the channel is full.
func Ticker(permissions []string, limits Limits, check Check) []Answer {
	tokens := make(chan struct{}, limits.Burst)
	for range limits.Burst {
		tokens <- struct{}{}
	}
	done := make(chan struct{})
	defer close(done)
	go refill(tokens, limits.Interval, done)

	answers := make([]Answer, len(permissions))
	var wg sync.WaitGroup
	for i, permission := range permissions {
		<-tokens
		wg.Go(func() { answers[i] = check(permission) })
	}
	wg.Wait()
	return answers
}

func refill(tokens chan<- struct{}, interval time.Duration, done <-chan struct{}) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			select {
			case tokens <- struct{}{}:
			default: // the bucket is full
			}
		}
	}
}

// ANCHOR_END: check_all
