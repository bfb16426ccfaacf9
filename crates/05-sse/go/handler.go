package main

import (
	"encoding/json"
	"net/http"
	"time"
)

// Handler serves GET /events and POST /publish.
func Handler(broker *Broker, buffer int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		events(broker, buffer, w, r)
	})
	mux.HandleFunc("POST /publish", func(w http.ResponseWriter, r *http.Request) {
		publish(broker, w, r)
	})
	return mux
}

func events(broker *Broker, buffer int, w http.ResponseWriter, r *http.Request) {
	connection := http.NewResponseController(w)
	// A handler that is blocked in a write doesn't notice that its queue was closed. A deadline in the past makes
	// the write fail.
	client, running := broker.Register(buffer, func() {
		_ = connection.SetWriteDeadline(time.Unix(1, 0))
	})
	if !running {
		http.Error(w, "shutting down", http.StatusServiceUnavailable)
		return
	}
	defer broker.Unregister(client)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	if connection.Flush() != nil {
		return
	}
	for {
		select {
		case event, open := <-client.events:
			if !open {
				return
			}
			if _, err := w.Write(event); err != nil {
				return
			}
			if connection.Flush() != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

func publish(broker *Broker, w http.ResponseWriter, r *http.Request) {
	var body struct{ Data string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if !broker.Publish(body.Data) {
		http.Error(w, "shutting down", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte("{\"published\":true}\n"))
}
