// The talk's worker pool in Go: runs five items of 100 ms in five ways and prints the time of each.
package main

import (
	"fmt"
	"time"
)

// Pool is the signature of all five. Sequential and Unlimited ignore the limit.
type Pool func(items []int, limit int, work func(int) int) []int

var pools = []struct {
	name string
	run  Pool
}{
	{"sequential", Sequential[int, int]},
	{"unlimited", Unlimited[int, int]},
	{"batches", Batches[int, int]},
	{"semaphore", Semaphore[int, int]},
	{"workers", Workers[int, int]},
}

func main() {
	for _, pool := range pools {
		start := time.Now()
		pool.run([]int{1, 2, 3, 4, 5}, 3, func(item int) int {
			time.Sleep(100 * time.Millisecond)
			return item
		})
		fmt.Printf("%-10s %v\n", pool.name, time.Since(start).Round(10*time.Millisecond))
	}
}
