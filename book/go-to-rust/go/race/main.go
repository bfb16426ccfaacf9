// Two goroutines increment one variable, and nothing orders the increments. The second goroutine starts
// only if the program has an argument.
package main

import (
	"fmt"
	"os"
	"sync"
)

// ANCHOR: race
func main() {
	hits := 0
	var wg sync.WaitGroup
	wg.Go(func() { hits++ })
	if len(os.Args) > 1 {
		wg.Go(func() { hits++ })
	}
	wg.Wait()
	fmt.Println(hits)
}

// ANCHOR_END: race
