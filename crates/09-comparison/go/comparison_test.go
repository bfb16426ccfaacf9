package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// rustsTable reads the times and failures from the table that the Rust crate has drawn: by workload, then by strategy.
func rustsTable(t *testing.T) map[string]map[string]string {
	text, err := os.ReadFile("../diagrams/table.txt")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]map[string]string{}
	var block map[string]string
	for line := range strings.Lines(string(text)) {
		name := strings.TrimSpace(line[:min(20, len(line)-1)])
		words := strings.Fields(line)
		switch {
		case strings.HasSuffix(line, "failed\n"):
			block = map[string]string{}
			table[name] = block
		case block != nil && len(words) == 6:
			block[words[0]] = strings.ReplaceAll(words[1], ",", "") + " ms, " + words[5] + " failed"
		}
	}
	return table
}

// In a synctest bubble time is virtual, like Tokio's paused clock. With the same durations, each strategy takes as long
// as in Rust, to the millisecond.
func TestTheTableIsRusts(t *testing.T) {
	table := rustsTable(t)
	inRust := map[string]string{"semaphore": "window", "workers": "window"}
	for _, workload := range workloads {
		for _, strategy := range strategies {
			t.Run(workload+"/"+strategy.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					cost := Measure(strategy.run, Durations(workload, 100, 7), 10, Descriptors)
					name := strategy.name
					if other, ok := inRust[name]; ok {
						name = other
					}
					got := fmt.Sprintf("%d ms, %d failed", cost.took.Milliseconds(), cost.failed)
					if want := table[workload][name]; got != want {
						t.Errorf("got %q, want %q", got, want)
					}
				})
			})
		}
	}
}

func TestTheTalksFigures(t *testing.T) {
	want := map[string]Cost{
		"sequential": {5000 * time.Millisecond, 1, 1, 0},
		"unlimited":  {50 * time.Millisecond, 100, 100, 0},
		"batches":    {500 * time.Millisecond, 10, 10, 0},
		"workers":    {500 * time.Millisecond, 10, 10, 0},
	}
	for name, want := range want {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, strategy := range strategies {
					if strategy.name != name {
						continue
					}
					got := Measure(strategy.run, Durations("constant", 100, 7), 10, Descriptors)
					// A goroutine of the batch before may still be on its way out.
					if got.goroutines > want.goroutines && got.goroutines <= 2*want.goroutines {
						got.goroutines = want.goroutines
					}
					if got != want {
						t.Errorf("got %v, want %v", got, want)
					}
				}
			})
		})
	}
}

func TestAllAtOnceLosesWhatTheDescriptorsLack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cost := Measure(Unlimited, Durations("constant", 1000, 7), 10, Descriptors)
		if cost.failed != 850 || cost.inFlight != 150 {
			t.Errorf("%d failed and %d in flight, want 850 and 150", cost.failed, cost.inFlight)
		}
	})
}

func TestThePeakIsTheHighestCount(t *testing.T) {
	var gauge InFlight
	for range 100 {
		var inside, wg sync.WaitGroup
		inside.Add(8)
		for range 8 {
			wg.Go(func() {
				gauge.Enter()
				defer gauge.Leave()
				inside.Done()
				inside.Wait()
			})
		}
		wg.Wait()
		if gauge.Peak() != 8 || gauge.now.Load() != 0 {
			t.Fatalf("peak %d, now %d, want 8 and 0", gauge.Peak(), gauge.now.Load())
		}
	}
}

const entries = 1_000

// The names are those of criterion's groups, so that scripts/bench puts both into one picture.
func BenchmarkGauge(b *testing.B) {
	for _, group := range []struct {
		name    string
		threads int
	}{{"one thread", 1}, {"one thread per core", runtime.NumCPU()}} {
		b.Run("an entry and a leave, "+group.name, func(b *testing.B) {
			b.Run("Go: CompareAndSwap", func(b *testing.B) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(group.threads))
				var gauge InFlight
				var wg sync.WaitGroup
				b.ResetTimer()
				for range group.threads {
					wg.Go(func() {
						for range b.N * entries {
							gauge.Enter()
							gauge.Leave()
						}
					})
				}
				wg.Wait()
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*entries), "ns/item")
			})
		})
	}
}
