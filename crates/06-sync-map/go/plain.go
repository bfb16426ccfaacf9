package main

// ANCHOR: collect

// Plain is broken on purpose: goroutines store into a plain map, and Go's runtime ends the program if it notices.
func Plain[K comparable, R any](clusters []K, limit int, work func(K) R) map[K]R {
	results := make(map[K]R)
	forEach(clusters, limit, func(_ int, cluster K) {
		results[cluster] = work(cluster)
	})
	return results
}

// ANCHOR_END: collect
