package main

import (
	"slices"
	"sync"
)

// ANCHOR: check_all

// Batches is the talk's idiom: ten workers check a batch, and the next batch starts when all of them are done.
func Batches(permissions []string, limits Limits, check Check) []Answer {
	var answers []Answer
	for batch := range slices.Chunk(permissions, limits.Batch) {
		checked := make([]Answer, len(batch))
		next := make(chan int)
		var wg sync.WaitGroup
		for range limits.Connections {
			wg.Go(func() {
				for i := range next {
					checked[i] = check(batch[i])
				}
			})
		}
		for i := range batch {
			next <- i
		}
		close(next)
		wg.Wait() // for the whole batch
		answers = append(answers, checked...)
	}
	return answers
}

// ANCHOR_END: check_all
