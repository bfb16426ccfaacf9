package main

import (
	"context"
	"encoding/json"
	"net/http"
)

// Handler is the talk's handler. The server cancels the request's context when the client's connection closes, so no
// goroutine has to watch for that.
//
// ANCHOR: handler
func Handler(items []int, work func(context.Context, int) int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		_ = json.NewEncoder(w).Encode(Polled(ctx, items, work))
	}
}

// ANCHOR_END: handler
