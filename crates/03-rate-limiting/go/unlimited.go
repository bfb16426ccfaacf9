package main

import "sync"

// ANCHOR: check_all

// Unlimited is broken on purpose: it starts all checks at once.
func Unlimited(permissions []string, _ Limits, check Check) []Answer {
	answers := make([]Answer, len(permissions))
	var wg sync.WaitGroup
	for i, permission := range permissions {
		wg.Go(func() { answers[i] = check(permission) })
	}
	wg.Wait()
	return answers
}

// ANCHOR_END: check_all
