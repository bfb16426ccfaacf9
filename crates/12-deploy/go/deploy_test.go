package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

var errRejected = errors.New("rejected")

// deploy rolls out to 50 clusters of 2 s, each of which answers with answer. It returns how many have each outcome, and
// how long it took.
func deploy(stop context.Context, plan Plan, answer func(cluster string) error) (map[string]int, time.Duration) {
	clusters := make([]string, 50)
	for i := range clusters {
		clusters[i] = fmt.Sprintf("C%d", i+1)
	}
	start := time.Now()
	outcomes := Deploy(stop, clusters, plan, func(ctx context.Context, cluster string) error {
		select {
		case <-time.After(2 * time.Second):
			return answer(cluster)
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	kinds := map[string]int{}
	for _, outcome := range outcomes {
		kinds[outcome.Kind]++
	}
	return kinds, time.Since(start)
}

func applied(string) error  { return nil }
func rejected(string) error { return errRejected }

// In a synctest bubble time is virtual, like Tokio's paused clock.
func TestFiftyClustersTake100And10Seconds(t *testing.T) {
	for limit, seconds := range map[int]time.Duration{1: 100, 10: 10} {
		synctest.Test(t, func(t *testing.T) {
			kinds, took := deploy(t.Context(), Plan{limit, 1, time.Minute}, applied)
			if kinds["applied"] != 50 || took != seconds*time.Second {
				t.Errorf("limit %d: %v in %v", limit, kinds, took)
			}
		})
	}
}

func TestABadChangeReachesTheBudgetAndWhatWasInFlight(t *testing.T) {
	for range 100 {
		synctest.Test(t, func(t *testing.T) {
			kinds, _ := deploy(t.Context(), Plan{10, 5, time.Minute}, rejected)
			failed := kinds["failed"]
			if failed < 5 || failed > 14 || failed+kinds["skipped"] != 50 {
				t.Errorf("%v", kinds)
			}
		})
	}
}

func TestAStopWaitsForWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		kinds, took := deploy(stop, Plan{10, 5, time.Minute}, applied)
		if kinds["applied"] != 20 || kinds["stopped"] != 30 || took != 4*time.Second {
			t.Errorf("%v in %v", kinds, took)
		}
	})
}

func TestAClusterThatIsTooSlowTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kinds, took := deploy(t.Context(), Plan{50, 50, time.Second}, applied)
		if kinds["timed out"] != 50 || took != time.Second {
			t.Errorf("%v in %v", kinds, took)
		}
	})
}

func TestTheOutcomesAreInTheOrderOfTheClusters(t *testing.T) {
	clusters := []string{"C1", "fails", "C3"}
	outcomes := Deploy(t.Context(), clusters, Plan{3, 3, time.Minute}, func(_ context.Context, cluster string) error {
		if cluster == "fails" {
			return errRejected
		}
		return nil
	})
	if outcomes[0].Kind != "applied" || !errors.Is(outcomes[1].Err, errRejected) || outcomes[2].Kind != "applied" {
		t.Errorf("%v", outcomes)
	}
}
