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

// The race detector looks for data races: accesses that are not atomic and not ordered. The plain counter has
// one. That of load and store has none, and loses updates all the same.
func TestTheRaceDetectorSeesDataRacesAlone(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go on PATH")
	}
	program := t.TempDir() + "/counters"
	build := exec.Command("go", "build", "-race", "-o", program, ".")
	if output, err := build.CombinedOutput(); err != nil {
		if os.Getenv("CI") != "true" && strings.Contains(string(output), "-race") {
			t.Skipf("the race detector is not to be had here: %s", output)
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

// measure lets each of so many goroutines run the loop b.N * increments times.
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

// The names are those of criterion's groups, so that scripts/bench shows both in one picture. The loops call
// the methods directly, so that these are compiled into them.
func BenchmarkCounter(b *testing.B) {
	for _, group := range []struct {
		name    string
		threads int
	}{{"one thread", 1}, {"a thread a core", runtime.NumCPU()}} {
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
