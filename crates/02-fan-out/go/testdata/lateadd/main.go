// Command lateadd is what `go vet` must report: the group is counted up by the goroutines, so Wait may return before
// they have started.
package main

import "sync"

func main() {
	var wg sync.WaitGroup
	for range 3 {
		go func() {
			wg.Add(1)
			defer wg.Done()
		}()
	}
	wg.Wait()
}
