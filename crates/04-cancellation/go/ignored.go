package main

import "context"

// Ignored does all items, whatever happens to the context: that is the defect.
func Ignored[T, R any](_ context.Context, items []T, work func(context.Context, T) R) []R {
	var done []R
	for _, item := range items {
		done = append(done, work(context.Background(), item))
	}
	return done
}
