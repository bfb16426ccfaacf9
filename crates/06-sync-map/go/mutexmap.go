package main

import "sync"

// ANCHOR: collect

// MutexMap stores into a plain map under a mutex.
func MutexMap[K comparable, R any](clusters []K, limit int, work func(K) R) map[K]R {
	var mu sync.Mutex
	results := make(map[K]R)
	forEach(clusters, limit, func(_ int, cluster K) {
		result := work(cluster)
		mu.Lock()
		defer mu.Unlock()
		results[cluster] = result
	})
	return results
}

// ANCHOR_END: collect
