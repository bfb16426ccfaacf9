// A call with a deadline that throws its cancel function away. `go vet` reports it, so it isn't part of the package
// beside it.
package main

import (
	"context"
	"time"
)

// ANCHOR: call
func call(ctx context.Context) {
	ctx, _ = context.WithTimeout(ctx, 60*time.Second)
	<-ctx.Done()
}

// ANCHOR_END: call

func main() {
	call(context.Background())
}
