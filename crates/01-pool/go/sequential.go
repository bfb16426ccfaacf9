package main

// ANCHOR: run

// Sequential runs one item after another.
func Sequential[T, R any](items []T, limit int, work func(T) R) []R {
	results := make([]R, len(items))
	for i, item := range items {
		results[i] = work(item)
	}
	return results
}

// ANCHOR_END: run
