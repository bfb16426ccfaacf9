package main

import (
	"os/exec"
	"strings"
	"testing"
)

func TestEveryResultIsThere(t *testing.T) {
	for _, variant := range variants {
		t.Run(variant.name, func(t *testing.T) {
			clusters := make([]int, 10_000)
			for i := range clusters {
				clusters[i] = i
			}
			results := variant.collect(clusters, 64, func(cluster int) int { return cluster * 2 })
			if len(results) != len(clusters) {
				t.Fatalf("%d of %d results", len(results), len(clusters))
			}
			for cluster, result := range results {
				if result != cluster*2 {
					t.Errorf("%d: %d", cluster, result)
				}
			}
		})
	}
}

func TestNoClustersGiveNoResults(t *testing.T) {
	for _, variant := range variants {
		if results := variant.collect(nil, 3, func(int) int { return 1 }); len(results) != 0 {
			t.Errorf("%s: %v", variant.name, results)
		}
	}
}

// Go's runtime notices two writers of a plain map in most runs, and ends the program. No recover stops that.
func TestAPlainMapWithTwoWritersIsAFatalError(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go on PATH")
	}
	program := t.TempDir() + "/syncmap"
	if output, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for range 100 {
		output, err := exec.Command(program, "plain").CombinedOutput()
		if err != nil && strings.Contains(string(output), "fatal error: concurrent map") {
			return
		}
	}
	t.Error("a hundred runs, and the runtime noticed nothing")
}
