package main

import "context"

// Sequential asks one source after another: the page takes as long as all of them together.
func Sequential(ctx context.Context, sources Sources) Page {
	var page Page
	page.CI = fetch(ctx, sources.CI)
	page.CD = fetch(ctx, sources.CD)
	page.User = fetch(ctx, sources.User)
	return page
}
