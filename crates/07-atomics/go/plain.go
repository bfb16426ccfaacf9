package main

// ANCHOR: counter

// Plain is broken on purpose: n++ is a read and a write, and neither is atomic.
type Plain struct{ n uint64 }

// Increment adds 1. Of two increments at the same time, one can be lost.
func (c *Plain) Increment() { c.n++ }

// ANCHOR_END: counter

// Get returns the number of increments that weren't lost.
func (c *Plain) Get() uint64 { return c.n }
