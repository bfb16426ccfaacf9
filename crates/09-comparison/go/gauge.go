package main

import "sync/atomic"

// InFlight counts what is in flight, and keeps the highest count.
type InFlight struct {
	now, peak atomic.Int64
}

// ANCHOR: enter

// Enter counts up. Defer Leave right after it: a panic in the work skips every line that is not deferred.
func (g *InFlight) Enter() {
	now := g.now.Add(1)
	for {
		peak := g.peak.Load()
		if now <= peak || g.peak.CompareAndSwap(peak, now) {
			return
		}
	}
}

// Leave counts down.
func (g *InFlight) Leave() {
	g.now.Add(-1)
}

// ANCHOR_END: enter

// Peak returns the most that have been in flight at once.
func (g *InFlight) Peak() int {
	return int(g.peak.Load())
}
