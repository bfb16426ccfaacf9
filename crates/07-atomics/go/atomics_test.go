package main

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func TestNothingIsLost(t *testing.T) {
	for _, counter := range counters {
		if counter.name == "plain" || counter.name == "loadstore" {
			continue
		}
		if got := Count(counter.make(), 10_000); got != 20_000 {
			t.Errorf("%s: %d of 20000", counter.name, got)
		}
	}
}

// The race detector reports data races: unordered accesses that aren't atomic. The plain counter has one.
// The counter that loads and stores has none, and still loses updates.
func TestTheRaceDetectorReportsOnlyDataRaces(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go on PATH")
	}
	program := t.TempDir() + "/counters"
	build := exec.Command("go", "build", "-race", "-o", program, ".")
	if output, err := build.CombinedOutput(); err != nil {
		if os.Getenv("CI") != "true" && strings.Contains(string(output), "-race") {
			t.Skipf("the race detector doesn't build here: %s", output)
		}
		t.Fatalf("%v\n%s", err, output)
	}
	for name, reports := range map[string]bool{"plain": true, "loadstore": false, "atomic": false, "mutex": false} {
		output, _ := exec.Command(program, name).CombinedOutput()
		if reported := strings.Contains(string(output), "DATA RACE"); reported != reports {
			t.Errorf("%s: reported %v, expected %v\n%s", name, reported, reports, output)
		}
	}
}

const increments = 1_000

// measure runs the loop in the given number of goroutines, each b.N * increments times.
func measure(b *testing.B, name string, threads int, loop func(n int)) {
	b.Run("Go: "+name, func(b *testing.B) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
		var wg sync.WaitGroup
		b.ResetTimer()
		for range threads {
			wg.Go(func() { loop(b.N * increments) })
		}
		wg.Wait()
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*increments), "ns/item")
	})
}

// The names match criterion's groups, so that scripts/bench draws both in one picture. Each loop calls its
// method directly, so that the compiler can inline it.
func BenchmarkCounter(b *testing.B) {
	for _, group := range []struct {
		name    string
		threads int
	}{{"one thread", 1}, {"one thread per core", runtime.NumCPU()}} {
		b.Run("an increment, "+group.name, func(b *testing.B) {
			var added Atomic
			measure(b, "atomic", group.threads, func(n int) {
				for range n {
					added.Increment()
				}
			})
			var locked Mutex
			measure(b, "mutex", group.threads, func(n int) {
				for range n {
					locked.Increment()
				}
			})
		})
	}
}
