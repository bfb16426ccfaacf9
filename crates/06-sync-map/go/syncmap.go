package main

import "sync"

// ANCHOR: collect

// SyncMap is the talk's idiom: a goroutine for each cluster stores into a sync.Map.
func SyncMap[K comparable, R any](clusters []K, limit int, work func(K) R) map[K]R {
	var results sync.Map
	forEach(clusters, limit, func(_ int, cluster K) {
		results.Store(cluster, work(cluster))
	})
	all := make(map[K]R, len(clusters))
	for cluster, result := range results.Range {
		all[cluster.(K)] = result.(R)
	}
	return all
}

// ANCHOR_END: collect
