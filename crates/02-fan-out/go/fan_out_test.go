package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// In a synctest bubble time is virtual, like Tokio's paused clock.
func TestTheTalksPage(t *testing.T) {
	expected := map[string]time.Duration{
		"sequential": 650 * time.Millisecond,
		"wait group": 300 * time.Millisecond,
		"wg.Go":      300 * time.Millisecond,
	}
	for _, variant := range variants {
		t.Run(variant.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				page := variant.page(t.Context(), talk)
				if took := time.Since(start); took != expected[variant.name] {
					t.Errorf("took %v, want %v", took, expected[variant.name])
				}
				if want := "CI status: passed\nCD status: deployed\nuser data: Ada\n"; page.String() != want {
					t.Errorf("got %v, want %v", page, want)
				}
			})
		})
	}
}

// broken is the talk's page with another CD service.
type broken struct {
	Sleeping
	cd func(context.Context) (string, error)
}

func (b broken) CD(ctx context.Context) (string, error) { return b.cd(ctx) }

func TestAMissingPartDoesNotTakeTheOthersWithIt(t *testing.T) {
	for _, cd := range []struct {
		want  string
		after time.Duration
		ask   func(context.Context) (string, error)
	}{
		{"late", time.Second, func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		}},
		{"failed: down", 200 * time.Millisecond, func(context.Context) (string, error) { return "", errors.New("down") }},
		{"panicked: a bug", 200 * time.Millisecond, func(context.Context) (string, error) { panic("a bug") }},
	} {
		t.Run(cd.want, func(t *testing.T) {
			for _, variant := range variants[1:] {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					start := time.Now()
					page := variant.page(ctx, broken{talk, cd.ask})
					if took := time.Since(start); took != cd.after {
						t.Errorf("%s took %v, want %v", variant.name, took, cd.after)
					}
					if want := "CI status: passed\nCD status: " + cd.want + "\nuser data: Ada\n"; page.String() != want {
						t.Errorf("%s got %v, want %v", variant.name, page, want)
					}
				})
			}
		})
	}
}

// Wait has no time-out: a source that ignores its context holds up the page.
func TestASourceThatIgnoresItsContextIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		start := time.Now()
		WaitGroup(ctx, broken{talk, func(context.Context) (string, error) {
			time.Sleep(time.Minute)
			return "deployed", nil
		}})
		if took := time.Since(start); took != time.Minute {
			t.Errorf("took %v", took)
		}
	})
}

// served asks a handler over a socket, with services over sockets.
func served(t *testing.T, cd http.Handler, patience time.Duration) string {
	t.Helper()
	address := func(handler http.Handler) string {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		return server.URL
	}
	services := Services{
		ci:   address(Serve("passed", time.Millisecond)),
		cd:   address(cd),
		user: address(Serve("Ada", time.Millisecond)),
	}
	response, err := http.Get(address(Handler(services, patience)))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestTheHandlerAnswersOverSockets(t *testing.T) {
	if got, want := served(t, Serve("deployed", time.Millisecond), time.Minute), "CD status: deployed\n"; !strings.Contains(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestTheHandlerSaysThatAServiceIsLate(t *testing.T) {
	hangs := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	got := served(t, hangs, 100*time.Millisecond)
	if want := "CD status: late\n"; !strings.Contains(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestTheHandlerSaysThatAServiceFailed(t *testing.T) {
	fails := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	if got, want := served(t, fails, time.Minute), "CD status: failed: answered 503 Service Unavailable\n"; !strings.Contains(got, want) {
		t.Errorf("got %q", got)
	}
	resets := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if got, want := served(t, resets, time.Minute), "CD status: failed: no answer\n"; !strings.Contains(got, want) {
		t.Errorf("got %q", got)
	}
}

// The group is counted up in the goroutine: Wait can return first. `go vet` has a check for it since Go 1.25.
func TestVetReportsALateAdd(t *testing.T) {
	output, err := exec.Command("go", "vet", "./testdata/lateadd").CombinedOutput()
	if err == nil || !strings.Contains(string(output), "WaitGroup.Add called from inside new goroutine") {
		t.Errorf("go vet: %v\n%s", err, output)
	}
}

// What our Rust group reports as an error, Go's panics on.
func TestACountBelowZeroPanics(t *testing.T) {
	defer func() {
		if value := recover(); value != "sync: negative WaitGroup counter" {
			t.Errorf("recovered %v", value)
		}
	}()
	var wg sync.WaitGroup
	wg.Done()
}
