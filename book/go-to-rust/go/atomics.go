package gotorust

import "sync/atomic"

// ANCHOR: hit

// Hits counts hits.
type Hits struct{ count atomic.Uint64 }

// Hit counts a hit and returns the new count.
func (h *Hits) Hit() uint64 {
	return h.count.Add(1)
}

// ANCHOR_END: hit
