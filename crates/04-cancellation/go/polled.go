package main

import "context"

// Polled is the talk's loop: it looks at the context before each item.
//
// ANCHOR: process
func Polled[T, R any](ctx context.Context, items []T, work func(context.Context, T) R) []R {
	var done []R
	for _, item := range items {
		select {
		case <-ctx.Done():
			return done
		default:
			// The item itself is not interrupted.
			done = append(done, work(context.WithoutCancel(ctx), item))
		}
	}
	return done
}

// ANCHOR_END: process
