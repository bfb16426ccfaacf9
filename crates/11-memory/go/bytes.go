package main

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// now returns the bytes that this process takes: /proc on Linux, and ps elsewhere, which knows only the resident ones.
func now() Taken {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		output, _ := exec.Command("ps", "-o", "rss=", "-p", strconv.Itoa(os.Getpid())).Output()
		kilobytes, _ := strconv.ParseUint(strings.TrimSpace(string(output)), 10, 64)
		return Taken{Resident: kilobytes * 1024}
	}
	machine, _ := os.ReadFile("/proc/meminfo")
	reserved := line(string(status), "VmSize:")
	kernel := line(string(status), "VmPTE:") + line(string(machine), "KernelStack:")
	return Taken{Reserved: &reserved, Resident: line(string(status), "VmRSS:"), Kernel: &kernel}
}

// line returns the bytes in a line such as "VmRSS:   1234 kB", or 0 if there is none.
func line(text, name string) uint64 {
	for line := range strings.Lines(text) {
		if rest, found := strings.CutPrefix(line, name); found {
			number, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			kilobytes, _ := strconv.ParseUint(number, 10, 64)
			return kilobytes * 1024
		}
	}
	return 0
}

// less returns the bytes beyond those before.
func (after Taken) less(before Taken) Taken {
	less := func(after, before uint64) uint64 { return after - min(after, before) }
	taken := Taken{Resident: less(after.Resident, before.Resident)}
	if after.Reserved != nil && before.Reserved != nil {
		reserved, kernel := less(*after.Reserved, *before.Reserved), less(*after.Kernel, *before.Kernel)
		taken.Reserved, taken.Kernel = &reserved, &kernel
	}
	return taken
}
