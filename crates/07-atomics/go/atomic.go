package main

import "sync/atomic"

// ANCHOR: counter

// Atomic counts every increment.
type Atomic struct{ n atomic.Uint64 }

// Increment adds 1.
func (c *Atomic) Increment() { c.n.Add(1) }

// ANCHOR_END: counter

// Get is how many were counted.
func (c *Atomic) Get() uint64 { return c.n.Load() }
