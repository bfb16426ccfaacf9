// The talk's two ways to handle errors in Go, and a reader that leaks: five items of 200 ms, of which the second fails
// after 120 ms. Prints what each returns, and when.
package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

func main() {
	items := []int{1, 2, 3, 4, 5}
	ctx := context.Background()
	show := func(name string, run func() any) {
		start := time.Now()
		result := run()
		fmt.Printf("%-42s %v after %v\n", name, result, time.Since(start).Round(10*time.Millisecond))
	}
	show("error channel", func() any { return ErrorChannel(ctx, items, wait) })
	show("group, the work checks the context", func() any { return FirstError(ctx, items, 5, wait) })
	show("group, the work ignores the context", func() any { return FirstError(ctx, items, 5, sleep) })
	before := runtime.NumGoroutine()
	show("a reader that stops at the first error", func() any { return Leaked(ctx, items, wait) })
	time.Sleep(280 * time.Millisecond)
	fmt.Printf("%d goroutines wait after 400ms\n", runtime.NumGoroutine()-before)
}
