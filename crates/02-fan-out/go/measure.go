package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
)

const (
	runs = 9
	many = 1_000
)

// measure prints one figure per line: a name, a value. Times and ratios are the median of several runs.
func measure() {
	// First of all: once goroutines have run, Go keeps what they used, and gives new ones larger stacks.
	fmt.Printf("waiting-bytes %.0f\n", waiting())
	for _, fan := range []struct {
		name string
		out  func(int, func(int))
	}{
		{"add-done", addDone},
		{"go", wgGo},
	} {
		// Times are in nanoseconds, and there is one of each for three branches and for a thousand.
		for _, n := range []int{3, many} {
			fmt.Printf("%s-%d-ratio %.4f\n", fan.name, n, median(func() float64 { return ratio(fan.out, n) }))
			fmt.Printf("%s-%d-ns %.1f\n", fan.name, n, median(func() float64 { return perBranch(fan.out, n) }))
		}
		bytes, allocations := allocated(fan.out)
		fmt.Printf("%s-bytes %.1f\n", fan.name, bytes)
		fmt.Printf("%s-allocations %.2f\n", fan.name, allocations)
	}
	// The whole page, with a context that has a time-out, and sources that answer at once.
	fmt.Printf("page-ns %.1f\n", median(page))
}

// addDone runs n branches as the talk does, and wgGo lets the group start them.
func addDone(n int, branch func(int)) {
	var wg sync.WaitGroup
	wg.Add(n)
	for i := range n {
		go func() {
			defer wg.Done()
			branch(i)
		}()
	}
	wg.Wait()
}

func wgGo(n int, branch func(int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { branch(i) })
	}
	wg.Wait()
}

// ratio returns the time of n branches that sleep, divided by that of the slowest. Their sleeps are those of the talk, a
// tenth as long: 20, 30 and 15 ms.
func ratio(fanOut func(int, func(int)), n int) float64 {
	sleeps := [3]time.Duration{20 * time.Millisecond, 30 * time.Millisecond, 15 * time.Millisecond}
	took := make([]time.Duration, n)
	start := time.Now()
	fanOut(n, func(i int) {
		begun := time.Now()
		time.Sleep(sleeps[i%3])
		took[i] = time.Since(begun)
	})
	wall := time.Since(start)
	return float64(wall) / float64(slices.Max(took))
}

// perBranch returns the nanoseconds per branch of n branches that do nothing.
func perBranch(fanOut func(int, func(int)), n int) float64 {
	rounds := 30_000 / n
	done := make([]bool, n)
	start := time.Now()
	for range rounds {
		fanOut(n, func(i int) { done[i] = true })
	}
	return float64(time.Since(start).Nanoseconds()) / float64(rounds*n)
}

// page returns the nanoseconds of a page whose three sources answer at once.
func page() float64 {
	const rounds = 10_000
	start := time.Now()
	for range rounds {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		if page := WaitGroup(ctx, ready{}); page.User.Value == "" {
			panic("a part is missing")
		}
		cancel()
	}
	return float64(time.Since(start).Nanoseconds()) / rounds
}

// allocated returns what a thousand branches that do nothing allocate on the heap: bytes and allocations per branch. Go
// uses the stacks of earlier goroutines again, so a second fan-out allocates less than the first. This is a later one.
func allocated(fanOut func(int, func(int))) (bytes, allocations float64) {
	const rounds = 100
	done := make([]bool, many)
	branch := func(i int) { done[i] = true }
	fanOut(many, branch)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range rounds {
		fanOut(many, branch)
	}
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc-before.TotalAlloc) / (rounds * many),
		float64(after.Mallocs-before.Mallocs) / (rounds * many)
}

// waiting returns the bytes per branch, of the heap and of stacks, while a thousand branches wait.
func waiting() float64 {
	release := make(chan struct{})
	var begun sync.WaitGroup
	begun.Add(many)
	before := inUse()
	var done sync.WaitGroup
	done.Go(func() {
		addDone(many, func(int) {
			begun.Done()
			<-release
		})
	})
	begun.Wait()
	bytes := inUse() - before
	close(release)
	done.Wait()
	return bytes / many
}

func inUse() float64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc + stats.StackInuse)
}

func median(measure func() float64) float64 {
	measured := make([]float64, runs)
	for i := range measured {
		measured[i] = measure()
	}
	slices.Sort(measured)
	return measured[runs/2]
}

// ready are sources that answer at once.
type ready struct{}

func (ready) CI(context.Context) (string, error)   { return "passed", nil }
func (ready) CD(context.Context) (string, error)   { return "deployed", nil }
func (ready) User(context.Context) (string, error) { return "Ada", nil }
