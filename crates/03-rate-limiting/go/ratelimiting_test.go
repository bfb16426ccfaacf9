package main

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// In a synctest bubble time is virtual, like Tokio's paused clock.
func TestAThousandChecksOf15ms(t *testing.T) {
	want := map[string]struct {
		took time.Duration
		most int64
	}{
		"unlimited": {15 * time.Millisecond, 1_000},
		"batches":   {1_500 * time.Millisecond, 10},
		"semaphore": {1_500 * time.Millisecond, 10},
		"ticker":    {1_995 * time.Millisecond, 18},
	}
	failed := errors.New("failed")
	for _, variant := range variants {
		t.Run(variant.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var inFlight gauge
				start := time.Now()
				answers := variant.checkAll(permissions(), talk, func(permission string) Answer {
					inFlight.enter()
					defer inFlight.leave()
					time.Sleep(15 * time.Millisecond)
					if permission == "app/500" {
						return Answer{Err: failed}
					}
					return Answer{Allowed: permission != "app/7"}
				})
				if took := time.Since(start); took != want[variant.name].took {
					t.Errorf("took %v, want %v", took, want[variant.name].took)
				}
				if most := inFlight.most.Load(); most > want[variant.name].most {
					t.Errorf("%d in flight, want at most %d", most, want[variant.name].most)
				}
				if len(answers) != 1_000 {
					t.Fatalf("%d answers", len(answers))
				}
				for i, answer := range answers {
					permission := fmt.Sprintf("app/%d", i+1)
					allowed, err := permission != "app/7" && permission != "app/500", error(nil)
					if permission == "app/500" {
						err = failed
					}
					if answer.Allowed != allowed || answer.Err != err {
						t.Errorf("%s: %v", permission, answer)
					}
				}
			})
		})
	}
}

func TestNoPermissionsHaveNoAnswers(t *testing.T) {
	for _, variant := range variants {
		if answers := variant.checkAll(nil, talk, func(string) Answer { return Answer{} }); len(answers) != 0 {
			t.Errorf("%s: %v", variant.name, answers)
		}
	}
}
