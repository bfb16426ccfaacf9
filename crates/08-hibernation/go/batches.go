package main

import (
	"sync"
	"sync/atomic"
)

// checkInBatches is the talk's check: batches of batchSize goroutines, and two atomic counters.
//
// ANCHOR: check
func checkInBatches(get func(Resource) (Object, error), resources []Resource, batchSize int) Report {
	var canBeHibernated, hibernated uint64
	for i := 0; i < len(resources); i += batchSize {
		batch := resources[i:min(i+batchSize, len(resources))]
		var wg sync.WaitGroup
		for _, resource := range batch {
			wg.Add(1)
			go func(resource Resource) {
				defer wg.Done()
				object, err := get(resource)
				if err != nil {
					return // As in production: an error counts as a no.
				}
				if object.CanBeHibernated() {
					atomic.AddUint64(&canBeHibernated, 1)
				}
				if object.IsHibernated() {
					atomic.AddUint64(&hibernated, 1)
				}
			}(resource)
		}
		wg.Wait()
	}
	return Report{canBeHibernated, hibernated}
}

// ANCHOR_END: check
