package main

import (
	"context"
	"sync"
)

// ANCHOR: group

// Group is the core of golang.org/x/sync/errgroup, written with the standard library alone.
type Group struct {
	cancel context.CancelCauseFunc
	slots  chan struct{}
	wg     sync.WaitGroup
	once   sync.Once
	err    error // the first error; written once
}

// WithContext returns a group that runs at most limit functions at once, and the context that its first error cancels.
func WithContext(ctx context.Context, limit int) (*Group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &Group{cancel: cancel, slots: make(chan struct{}, limit)}, ctx
}

// Go runs f in a goroutine once there is a slot. It does so even if another function has already failed.
func (g *Group) Go(f func() error) {
	g.slots <- struct{}{}
	g.wg.Go(func() {
		defer func() { <-g.slots }()
		if err := f(); err != nil {
			g.once.Do(func() {
				g.err = err
				g.cancel(err)
			})
		}
	})
}

// Wait returns the first error once every function has returned.
func (g *Group) Wait() error {
	g.wg.Wait()
	g.cancel(nil)
	return g.err
}

// ANCHOR_END: group
