package main

import (
	"context"
	"sync"
)

// WaitGroupGo lets the group start the goroutines (since Go 1.25), so no Add can be forgotten or come late.
//
// ANCHOR: page
func WaitGroupGo(ctx context.Context, sources Sources) Page {
	var page Page
	var wg sync.WaitGroup
	wg.Go(func() { page.CI = fetch(ctx, sources.CI) })
	wg.Go(func() { page.CD = fetch(ctx, sources.CD) })
	wg.Go(func() { page.User = fetch(ctx, sources.User) })
	wg.Wait()
	return page
}

// ANCHOR_END: page
