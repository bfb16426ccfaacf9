package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Services are the addresses of three services that are asked over HTTP.
type Services struct {
	ci, cd, user string
}

func (s Services) CI(ctx context.Context) (string, error)   { return get(ctx, s.ci) }
func (s Services) CD(ctx context.Context) (string, error)   { return get(ctx, s.cd) }
func (s Services) User(ctx context.Context) (string, error) { return get(ctx, s.user) }

// client keeps a connection to each service for each of many requests at once.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

func get(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", reason(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", reason(err)
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("answered %s", response.Status)
	}
	return string(body), nil
}

// reason returns why a request got no answer. The text of the client's error names an address that is of no use on a page.
func reason(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return err
	}
	return errors.New("no answer")
}

// Serve returns a service that answers after a while.
func Serve(answer string, latency time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if answer, err := after(r.Context(), latency, answer); err == nil {
			fmt.Fprint(w, answer)
		}
	}
}

// Sleeping answers after a while, without a network.
type Sleeping struct {
	ci, cd, user time.Duration
}

func (s Sleeping) CI(ctx context.Context) (string, error)   { return after(ctx, s.ci, "passed") }
func (s Sleeping) CD(ctx context.Context) (string, error)   { return after(ctx, s.cd, "deployed") }
func (s Sleeping) User(ctx context.Context) (string, error) { return after(ctx, s.user, "Ada") }

// after returns the answer after a while, or the context's error if the context is done before that.
func after(ctx context.Context, latency time.Duration, answer string) (string, error) {
	timer := time.NewTimer(latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return answer, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
