package main

import (
	"context"
	"errors"
	"time"
)

// Work processes an item. It returns early if the context is cancelled.
type Work func(ctx context.Context, item int) error

// ANCHOR: channel

// ErrorChannel runs work on every item in a goroutine of its own. It returns all errors, once every item has ended.
func ErrorChannel(ctx context.Context, items []int, work Work) []error {
	errChan := make(chan error, 100)
	for _, item := range items {
		go func() { errChan <- work(ctx, item) }()
	}
	var failures []error
	for range items {
		if err := <-errChan; err != nil {
			failures = append(failures, err)
		}
	}
	return failures
}

// ANCHOR_END: channel

// ANCHOR: leaked

// Leaked returns the first error, and reads no further. The channel has room for one message.
func Leaked(ctx context.Context, items []int, work Work) error {
	errChan := make(chan error, 1)
	for _, item := range items {
		go func() { errChan <- work(ctx, item) }()
	}
	for range items {
		if err := <-errChan; err != nil {
			return err // the other goroutines wait for ever
		}
	}
	return nil
}

// ANCHOR_END: leaked

// ANCHOR: first

// FirstError returns the first error. The group's context tells the other items to stop.
func FirstError(ctx context.Context, items []int, limit int, work Work) error {
	g, ctx := WithContext(ctx, limit)
	for _, item := range items {
		g.Go(func() error { return work(ctx, item) })
	}
	return g.Wait()
}

// ANCHOR_END: first

var errNoPipeline = errors.New("no such pipeline")

// wait takes 200 ms; item 2 fails after 120 ms. It checks the context.
func wait(ctx context.Context, item int) error {
	length := 200 * time.Millisecond
	if item == 2 {
		length = 120 * time.Millisecond
	}
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	if item == 2 {
		return errNoPipeline
	}
	return nil
}

// sleep does the same without a look at the context.
func sleep(_ context.Context, item int) error {
	return wait(context.Background(), item)
}
