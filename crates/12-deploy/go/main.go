// Deploys to 50 clusters, one after another and ten at once, and prints the time of each. A cluster takes a hundredth of
// the talk's 2 s.
package main

import (
	"context"
	"fmt"
	"time"
)

func main() {
	clusters := make([]string, 50)
	for i := range clusters {
		clusters[i] = fmt.Sprintf("C%d", i+1)
	}
	for _, limit := range []int{1, 10} {
		start := time.Now()
		plan := Plan{Limit: limit, Budget: 5, Deadline: time.Minute}
		outcomes := Deploy(context.Background(), clusters, plan, func(ctx context.Context, _ string) error {
			select {
			case <-time.After(20 * time.Millisecond):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		fmt.Printf("limit %2d: %d outcomes, the last one %s, %v\n", limit, len(outcomes), outcomes[49].Kind,
			time.Since(start).Round(10*time.Millisecond))
	}
}
