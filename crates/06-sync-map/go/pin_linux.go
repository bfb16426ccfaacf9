package main

import (
	"runtime"
	"syscall"
	"unsafe"
)

// pin keeps the current goroutine on its thread, and the thread on one core.
func pin(core int) {
	runtime.LockOSThread()
	mask := [16]uint64{}
	mask[core/64%16] = 1 << (core % 64)
	syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)))
}
