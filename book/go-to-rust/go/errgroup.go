package gotorust

import (
	"context"
	"sync"
)

// ANCHOR: run

// Run returns the first error, once every task has returned; nil if all have succeeded.
func Run(ctx context.Context, tasks ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Go(func() {
			if err := task(ctx); err != nil {
				cancel(err) // a context keeps the first cause
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// ANCHOR_END: run
