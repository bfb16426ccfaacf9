package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// start returns a running server, and the number of its open streams.
func start(t *testing.T, buffer int) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	broker := NewBroker()
	go broker.Run()
	var streams atomic.Int64
	inner := Handler(broker, buffer)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/events" {
			streams.Add(1)
			defer streams.Add(-1)
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		broker.Shutdown()
		server.CloseClientConnections()
		server.Close()
	})
	return server, &streams
}

func publishTo(t *testing.T, server *httptest.Server, data string) {
	t.Helper()
	body := strings.NewReader(fmt.Sprintf("{\"data\": %q}", data))
	answer, err := http.Post(server.URL+"/publish", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
}

// subscribe returns the data lines as they arrive. The channel is closed at the end of the stream.
func subscribe(t *testing.T, server *httptest.Server) <-chan string {
	t.Helper()
	answer, err := http.Get(server.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	if kind := answer.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatal(kind)
	}
	received := make(chan string, 100_000)
	go func() {
		defer close(received)
		defer answer.Body.Close()
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if data, is := strings.CutPrefix(lines.Text(), "data: "); is {
				received <- data
			}
		}
	}()
	return received
}

func receive(t *testing.T, received <-chan string) string {
	t.Helper()
	select {
	case data, open := <-received:
		if !open {
			t.Fatal("the stream ended")
		}
		return data
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was received for 10 s")
	}
	return ""
}

func TestEventsArriveInOrder(t *testing.T) {
	server, _ := start(t, 100)
	first, second := subscribe(t, server), subscribe(t, server)
	for i := range 100 {
		publishTo(t, server, fmt.Sprint(i))
	}
	for i := range 100 {
		for _, received := range []<-chan string{first, second} {
			if data := receive(t, received); data != fmt.Sprint(i) {
				t.Fatalf("received %q, expected %d", data, i)
			}
		}
	}
}

func TestAClientThatDoesNotReadIsDisconnected(t *testing.T) {
	server, streams := start(t, 4)
	stalled, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer stalled.Close()
	if _, err := fmt.Fprint(stalled, "GET /events HTTP/1.1\r\nHost: sse\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	reading := subscribe(t, server)
	for begun := time.Now(); streams.Load() < 2; time.Sleep(time.Millisecond) {
		if time.Since(begun) > 10*time.Second {
			t.Fatal("the two streams haven't started")
		}
	}

	// Large events, and more of them than all buffers on the way can hold.
	padding := strings.Repeat("x", 512<<10)
	for i := 0; streams.Load() == 2; i++ {
		if i == 1000 {
			t.Fatal("1,000 events were published, and the client that doesn't read is still connected")
		}
		publishTo(t, server, fmt.Sprint(i, " ", padding))
		if data := receive(t, reading); !strings.HasPrefix(data, fmt.Sprint(i, " ")) {
			t.Fatalf("received %.20q, expected event %d", data, i)
		}
	}
	publishTo(t, server, "the last")
	if data := receive(t, reading); data != "the last" {
		t.Fatalf("received %.20q", data)
	}
}

func TestShutdownEndsTheStreams(t *testing.T) {
	broker := NewBroker()
	ended := make(chan struct{})
	go func() {
		broker.Run()
		close(ended)
	}()
	client, running := broker.Register(1, func() {})
	if !running {
		t.Fatal("the broker isn't running")
	}
	broker.Shutdown()
	<-ended
	if _, open := <-client.events; open {
		t.Fatal("the queue is still open")
	}
	if broker.Publish("late") {
		t.Fatal("an event was published after the shutdown")
	}
	broker.Unregister(client)
}
