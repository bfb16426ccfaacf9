package main

import "context"

// Raced hands the context on to the work, which returns early if the context is cancelled. Its result doesn't count then.
//
// ANCHOR: process
func Raced[T, R any](ctx context.Context, items []T, work func(context.Context, T) R) []R {
	var done []R
	for _, item := range items {
		result := work(ctx, item)
		if ctx.Err() != nil {
			return done
		}
		done = append(done, result)
	}
	return done
}

// ANCHOR_END: process
