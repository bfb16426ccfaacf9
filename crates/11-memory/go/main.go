// Measures what a number of goroutines take while they wait: go run . 10000. It prints a line of JSON, which the example
// "measure" of the Rust crate reads.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"
)

// Row is a row of the table.
type Row struct {
	Kind      string `json:"kind"`
	Allocator string `json:"allocator"`
	Count     int    `json:"count"`
	Reached   int    `json:"reached"`
	Taken     Taken  `json:"taken"`
}

// Taken is what the goroutines take. Kernel is nil where the system doesn't tell.
type Taken struct {
	Reserved *uint64 `json:"reserved"`
	Resident uint64  `json:"resident"`
	Asked    uint64  `json:"asked"`
	Kernel   *uint64 `json:"kernel"`
	StartMs  float64 `json:"start_ms"`
	FinishMs float64 `json:"finish_ms"`
}

// asked returns the bytes of all stacks and of the heap that are in use.
func asked() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.StackInuse + stats.HeapAlloc
}

func milliseconds(took time.Duration) float64 {
	return float64(took.Nanoseconds()) / 1e6
}

func main() {
	count := 0
	if len(os.Args) == 2 {
		count, _ = strconv.Atoi(os.Args[1])
	}
	if count < 1 {
		fmt.Fprintln(os.Stderr, "usage: memory-go COUNT, where COUNT is at least 1")
		os.Exit(2)
	}
	before, askedBefore := now(), asked()
	start := time.Now()
	all := Start(count, func(reached int) { fmt.Println(reached) })
	started := time.Since(start)
	after, askedAfter := now(), asked()
	finish := time.Now()
	all.Finish()
	finished := time.Since(finish)
	taken := after.less(before)
	taken.Asked = askedAfter - min(askedBefore, askedAfter)
	taken.StartMs, taken.FinishMs = milliseconds(started), milliseconds(finished)
	row := Row{Kind: "goroutine", Allocator: "system", Count: count, Reached: count, Taken: taken}
	if err := json.NewEncoder(os.Stdout).Encode(row); err != nil {
		fmt.Fprintln(os.Stderr, "memory-go:", err)
		os.Exit(1)
	}
}
