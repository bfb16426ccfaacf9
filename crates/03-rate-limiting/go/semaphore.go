package main

import "sync"

// ANCHOR: check_all

// Semaphore starts a check as soon as a buffered channel has room for its permit.
func Semaphore(permissions []string, limits Limits, check Check) []Answer {
	answers := make([]Answer, len(permissions))
	permits := make(chan struct{}, limits.Connections)
	var wg sync.WaitGroup
	for i, permission := range permissions {
		permits <- struct{}{}
		wg.Go(func() {
			defer func() { <-permits }()
			answers[i] = check(permission)
		})
	}
	wg.Wait()
	return answers
}

// ANCHOR_END: check_all
