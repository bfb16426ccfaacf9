package main

// ANCHOR: counter

// Plain is broken on purpose: `n++` reads and then writes, and neither is atomic.
type Plain struct{ n uint64 }

// Increment adds 1, unless another goroutine does so at the same time.
func (c *Plain) Increment() { c.n++ }

// ANCHOR_END: counter

// Get is how many were counted.
func (c *Plain) Get() uint64 { return c.n }
