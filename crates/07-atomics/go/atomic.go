package main

import "sync/atomic"

// ANCHOR: counter

// Atomic counts every increment.
type Atomic struct{ n atomic.Uint64 }

// Increment adds 1.
func (c *Atomic) Increment() { c.n.Add(1) }

// ANCHOR_END: counter

// Get returns the number of increments.
func (c *Atomic) Get() uint64 { return c.n.Load() }
