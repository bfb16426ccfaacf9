package main

import "runtime"

// setThreads sets how many threads run Go code at once; the returned function restores the number.
func setThreads(count int) func() {
	before := runtime.GOMAXPROCS(count)
	return func() { runtime.GOMAXPROCS(before) }
}
