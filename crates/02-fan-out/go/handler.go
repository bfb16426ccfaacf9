package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Handler answers with the page. It has no other way to stop waiting than the context: Wait has no time-out, so each
// fetch has to return when the context is done.
//
// ANCHOR: handler
func Handler(sources Sources, patience time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		fmt.Fprint(w, WaitGroupGo(ctx, sources))
	}
}

// ANCHOR_END: handler
