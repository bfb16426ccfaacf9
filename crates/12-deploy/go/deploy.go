package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Outcome is what became of a cluster.
type Outcome struct {
	Kind string // applied, failed, timed out, skipped or stopped
	Err  error  // why it failed
}

// Plan says how a rollout goes about its clusters.
type Plan struct {
	Limit    int           // how many clusters may be in flight at once, at least 1
	Budget   int64         // how many clusters have to fail before nothing new begins, at least 1
	Deadline time.Duration // how long a cluster may take
}

var errSpent = errors.New("the failure budget was spent")

// Deploy changes the clusters in their order, and returns an outcome for each. It begins none once the budget is spent
// or stop is done. Clusters in flight go on until they end or meet their deadline.
//
// ANCHOR: deploy
func Deploy(stop context.Context, clusters []string, plan Plan, apply func(context.Context, string) error) []Outcome {
	outcomes := make([]Outcome, len(clusters))
	open, spend := context.WithCancelCause(stop)
	defer spend(nil)
	permits := make(chan struct{}, plan.Limit)
	var failures atomic.Int64
	var wg sync.WaitGroup
	for i, cluster := range clusters {
		select {
		case permits <- struct{}{}:
		case <-open.Done():
		}
		// If both are ready, select picks one at random: look again.
		if open.Err() != nil {
			outcomes[i] = notBegun(context.Cause(open))
			continue
		}
		wg.Go(func() {
			defer func() { <-permits }()
			// Not a child of open: what is in flight goes on.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(stop), plan.Deadline)
			defer cancel()
			outcomes[i] = ended(apply(ctx, cluster))
			// Add returns the new sum, so exactly one goroutine gets the budget, and before its permit is free.
			if outcomes[i].Err != nil && failures.Add(1) == plan.Budget {
				spend(errSpent)
			}
		})
	}
	wg.Wait()
	return outcomes
}

// ANCHOR_END: deploy

func notBegun(cause error) Outcome {
	if errors.Is(cause, errSpent) {
		return Outcome{Kind: "skipped"}
	}
	return Outcome{Kind: "stopped"}
}

func ended(err error) Outcome {
	switch {
	case err == nil:
		return Outcome{Kind: "applied"}
	case errors.Is(err, context.DeadlineExceeded):
		return Outcome{"timed out", err}
	}
	return Outcome{"failed", err}
}
