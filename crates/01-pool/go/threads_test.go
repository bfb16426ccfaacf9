package main

import "runtime"

// setThreads lets Go run on so many threads at once; the returned function takes it back.
func setThreads(count int) func() {
	before := runtime.GOMAXPROCS(count)
	return func() { runtime.GOMAXPROCS(before) }
}
