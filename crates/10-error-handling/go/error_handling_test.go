package main

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var five = []int{1, 2, 3, 4, 5}

// In a synctest bubble time is virtual, like Tokio's paused clock.
func TestWhenEachReturns(t *testing.T) {
	for _, variant := range []struct {
		name string
		took time.Duration
		run  func(context.Context) []error
	}{
		{"error channel", 200 * time.Millisecond, func(ctx context.Context) []error {
			return ErrorChannel(ctx, five, wait)
		}},
		{"group", 120 * time.Millisecond, func(ctx context.Context) []error {
			return []error{FirstError(ctx, five, 5, wait)}
		}},
		{"group, the context ignored", 200 * time.Millisecond, func(ctx context.Context) []error {
			return []error{FirstError(ctx, five, 5, sleep)}
		}},
	} {
		t.Run(variant.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				errs := variant.run(t.Context())
				if !slices.Equal(errs, []error{errNoPipeline}) {
					t.Errorf("got %v", errs)
				}
				if got := time.Since(start); got != variant.took {
					t.Errorf("returned at %v, want %v", got, variant.took)
				}
			})
		})
	}
}

func TestThreeSendersAreLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	if err := Leaked(t.Context(), five, wait); err != errNoPipeline {
		t.Errorf("got %v", err)
	}
	// One message fits into the channel.
	deadline := time.Now().Add(30 * time.Second)
	for runtime.NumGoroutine() != before+3 {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines are left, want 3", runtime.NumGoroutine()-before)
		}
		time.Sleep(time.Millisecond)
	}
}

// A group keeps one error, and starts functions after it.
func TestAGroupKeepsTheFirstErrorAndStartsTheRest(t *testing.T) {
	g, ctx := WithContext(t.Context(), 1)
	first := errors.New("first")
	var started atomic.Int64
	for i := range 5 {
		g.Go(func() error {
			started.Add(1)
			if i == 0 {
				return first
			}
			return errors.New("later")
		})
	}
	if err := g.Wait(); err != first || context.Cause(ctx) != first {
		t.Errorf("got %v, with the cause %v", err, context.Cause(ctx))
	}
	if started.Load() != 5 {
		t.Errorf("%d functions started, want 5", started.Load())
	}
}

func TestAGroupWithoutAnErrorReturnsNil(t *testing.T) {
	if err := FirstError(t.Context(), []int{1, 3}, 1, func(context.Context, int) error { return nil }); err != nil {
		t.Errorf("got %v", err)
	}
}

const manyItems = 10_000

// BenchmarkGroup uses the names of criterion's groups, so that scripts/bench puts both into one picture.
func BenchmarkGroup(b *testing.B) {
	items := make([]int, manyItems)
	work := func(context.Context, int) error { return nil }
	for _, threads := range []struct {
		name  string
		count int
	}{{"one thread", 1}, {"two threads", 2}} {
		b.Run("no-op items on "+threads.name, func(b *testing.B) {
			b.Run("Go: group", func(b *testing.B) {
				before := runtime.GOMAXPROCS(threads.count)
				defer runtime.GOMAXPROCS(before)
				for b.Loop() {
					if err := FirstError(b.Context(), items, 10, work); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*manyItems), "ns/item")
			})
		})
	}
}
