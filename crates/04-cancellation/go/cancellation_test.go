package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// In a synctest bubble time is virtual, like Tokio's paused clock.
func TestABrowserLeavesAt250ms(t *testing.T) {
	expected := map[string]struct {
		returned time.Duration
		done     int
	}{
		"ignored": {500 * time.Millisecond, 5},
		"polled":  {300 * time.Millisecond, 3},
		"raced":   {250 * time.Millisecond, 2},
	}
	for _, variant := range variants {
		t.Run(variant.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				time.AfterFunc(250*time.Millisecond, cancel)
				start := time.Now()
				done := variant.process(ctx, []int{1, 2, 3, 4, 5}, work)
				want := expected[variant.name]
				if got := time.Since(start); got != want.returned || len(done) != want.done {
					t.Errorf("returned at %v with %d items, want %v with %d", got, len(done), want.returned, want.done)
				}
			})
		})
	}
}

func TestAClientThatGoesCancelsTheRequest(t *testing.T) {
	begun, stopped := make(chan struct{}, 100), make(chan struct{})
	var items atomic.Int64
	var browser context.Context // the request's, on the server's side
	handler := Handler(make([]int, 100), func(_ context.Context, item int) int {
		items.Add(1)
		begun <- struct{}{}
		// The item ends once the server has seen that the client has gone.
		select {
		case <-browser.Done():
		case <-time.After(30 * time.Second):
			t.Error("the server doesn't see that the client has gone")
		}
		return item
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		browser = r.Context()
		handler(w, r)
		close(stopped)
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		<-begun
		cancel()
	}()
	if _, err := http.DefaultClient.Do(request); err == nil {
		t.Error("the request was answered")
	}
	select {
	case <-stopped:
	case <-time.After(time.Minute):
		t.Fatal("the handler goes on")
	}
	if items.Load() != 1 {
		t.Errorf("%d items began, want 1", items.Load())
	}
}

func TestVetReportsADroppedCancel(t *testing.T) {
	output, err := exec.Command("go", "vet", "./testdata/lostcancel").CombinedOutput()
	if err == nil || !strings.Contains(string(output), "should be called, not discarded") {
		t.Errorf("go vet: %v\n%s", err, output)
	}
}

// A dropped cancel keeps its context while the parent is alive. A call of it releases the context at once.
func TestADroppedCancelKeepsItsContext(t *testing.T) {
	per := func(call func(context.CancelFunc)) float64 {
		return bytesPer(calls, func(parent context.Context) any {
			_, cancel := context.WithTimeout(parent, time.Minute)
			call(cancel)
			return nil
		})
	}
	if kept := per(forget); kept < 100 {
		t.Errorf("a dropped cancel keeps %v bytes", kept)
	}
	if kept := per(func(cancel context.CancelFunc) { cancel() }); kept > 50 {
		t.Errorf("a called cancel keeps %v bytes", kept)
	}
}

// BenchmarkLook compares a look at a context by Err with one by Done.
func BenchmarkLook(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	b.Run("Err", func(b *testing.B) {
		for b.Loop() {
			_ = ctx.Err()
		}
	})
	b.Run("select", func(b *testing.B) {
		for b.Loop() {
			select {
			case <-ctx.Done():
			default:
			}
		}
	})
}
