package main

import "sync"

// ANCHOR: counter

// Mutex counts every increment.
type Mutex struct {
	mu sync.Mutex
	n  uint64
}

// Increment adds 1.
func (c *Mutex) Increment() {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
}

// ANCHOR_END: counter

// Get returns the number of increments.
func (c *Mutex) Get() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}
