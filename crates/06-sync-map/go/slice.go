package main

// ANCHOR: collect

// Slice gives each goroutine an element of its own. No two goroutines share a variable.
func Slice[K comparable, R any](clusters []K, limit int, work func(K) R) map[K]R {
	results := make([]R, len(clusters))
	forEach(clusters, limit, func(i int, cluster K) {
		results[i] = work(cluster)
	})
	all := make(map[K]R, len(clusters))
	for i, cluster := range clusters {
		all[cluster] = results[i]
	}
	return all
}

// ANCHOR_END: collect
