package gotorust

import (
	"context"
	"time"
)

// ANCHOR: timeout

// Until asks every 10 ms until the answer is yes.
func Until(ctx context.Context, ready func() bool) error {
	for !ready() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

// ForASecond asks for at most a second.
func ForASecond(ready func() bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return Until(ctx, ready)
}

// ANCHOR_END: timeout
