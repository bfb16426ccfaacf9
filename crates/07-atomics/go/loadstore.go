package main

import "sync/atomic"

// ANCHOR: counter

// LoadStore is broken on purpose: each access is atomic, but the pair is not.
type LoadStore struct{ n atomic.Uint64 }

// Increment adds 1. Of two increments at the same time, one can be lost.
func (c *LoadStore) Increment() { c.n.Store(c.n.Load() + 1) }

// ANCHOR_END: counter

// Get returns the number of increments that weren't lost.
func (c *LoadStore) Get() uint64 { return c.n.Load() }
