package main

import (
	"runtime"
	"testing"
)

func TestAllGoroutinesWaitAndEnd(t *testing.T) {
	before := runtime.NumGoroutine()
	told := 0
	all := Start(20_000, func(reached int) { told = reached })
	if now := runtime.NumGoroutine(); now < before+20_000 {
		t.Errorf("%d goroutines wait", now-before)
	}
	if told != 20_000 {
		t.Errorf("told of %d", told)
	}
	all.Finish()
	if now := all.waiting.Load(); now != 20_000 {
		t.Errorf("%d goroutines have waited", now)
	}
}

// The stacks of goroutines that have ended are used again, so only the sum says something.
func TestGoroutinesAskForAtLeastTheirStacks(t *testing.T) {
	all := Start(50_000, func(int) {})
	bytes := asked()
	all.Finish()
	if bytes < 50_000*2048 || bytes > 50_000*8192 {
		t.Errorf("50,000 goroutines ask for %d bytes", bytes)
	}
}

func TestALineOfProcIsRead(t *testing.T) {
	text := "VmSize:\t  20 kB\nVmRSS:\t      12 kB\n"
	if bytes := line(text, "VmRSS:"); bytes != 12*1024 {
		t.Errorf("read %d", bytes)
	}
	if bytes := line(text, "VmPTE:"); bytes != 0 {
		t.Errorf("read %d", bytes)
	}
}

func TestBytesNeverGoBelowZero(t *testing.T) {
	reserved, kernel := uint64(5), uint64(6)
	more := Taken{Reserved: &reserved, Resident: 7, Kernel: &kernel}
	if taken := (Taken{Resident: 3}).less(more); taken.Resident != 0 || taken.Reserved != nil {
		t.Errorf("%+v", taken)
	}
	if taken := more.less(more); *taken.Reserved != 0 || *taken.Kernel != 0 {
		t.Errorf("%+v", taken)
	}
}
