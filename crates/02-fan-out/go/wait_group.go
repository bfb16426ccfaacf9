package main

import (
	"context"
	"sync"
)

// WaitGroup is the talk's fan-out: it adds three to the group, starts a goroutine for each source, and waits.
//
// ANCHOR: page
func WaitGroup(ctx context.Context, sources Sources) Page {
	var page Page
	var wg sync.WaitGroup
	wg.Add(3)
	go func() {
		defer wg.Done()
		page.CI = fetch(ctx, sources.CI)
	}()
	go func() {
		defer wg.Done()
		page.CD = fetch(ctx, sources.CD)
	}()
	go func() {
		defer wg.Done()
		page.User = fetch(ctx, sources.User)
	}()
	wg.Wait()
	return page
}

// ANCHOR_END: page
