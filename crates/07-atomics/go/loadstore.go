package main

import "sync/atomic"

// ANCHOR: counter

// LoadStore is broken on purpose: each access is atomic, the pair of them is not.
type LoadStore struct{ n atomic.Uint64 }

// Increment adds 1, unless another goroutine does so at the same time.
func (c *LoadStore) Increment() { c.n.Store(c.n.Load() + 1) }

// ANCHOR_END: counter

// Get is how many were counted.
func (c *LoadStore) Get() uint64 { return c.n.Load() }
