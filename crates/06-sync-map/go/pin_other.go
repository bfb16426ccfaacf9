//go:build !linux

package main

import "runtime"

// pin keeps the current goroutine on its thread.
func pin(int) { runtime.LockOSThread() }
