package main

import (
	"fmt"
	"strings"
	"sync"
)

// Client is a subscriber: its bounded queue, and a function that ends a blocked write.
type Client struct {
	events chan []byte
	cut    func()
}

// Broker owns the set of clients. Only the goroutine in Run uses the set; all others send to a channel.
type Broker struct {
	notifier   chan string
	register   chan *Client
	unregister chan *Client
	shutdown   chan struct{}
	once       sync.Once
	clients    map[*Client]struct{}
	published  uint64
}

// NewBroker returns a broker that does nothing until Run is called.
func NewBroker() *Broker {
	return &Broker{
		notifier:   make(chan string),
		register:   make(chan *Client),
		unregister: make(chan *Client),
		shutdown:   make(chan struct{}),
		clients:    make(map[*Client]struct{}),
	}
}

// ANCHOR: loop

// Run receives from the four channels until shutdown.
func (b *Broker) Run() {
	for {
		select {
		case data := <-b.notifier:
			b.published++
			b.broadcast(encode(b.published, data))
		case client := <-b.register:
			b.clients[client] = struct{}{}
		case client := <-b.unregister:
			b.remove(client)
		case <-b.shutdown:
			for client := range b.clients {
				b.remove(client)
			}
			return
		}
	}
}

// ANCHOR_END: loop

// ANCHOR: broadcast

// broadcast offers the event to every client, and disconnects each client whose
// queue is full.
func (b *Broker) broadcast(event []byte) {
	for client := range b.clients {
		select {
		case client.events <- event:
		default:
			b.remove(client)
			client.cut()
		}
	}
}

// ANCHOR_END: broadcast

// remove closes the client's queue, unless the client was removed before: the handler of a client that was cut
// off unregisters it again.
func (b *Broker) remove(client *Client) {
	if _, there := b.clients[client]; there {
		delete(b.clients, client)
		close(client.events)
	}
}

// Publish sends the data to all clients that are registered now. It returns false after shutdown.
func (b *Broker) Publish(data string) bool {
	select {
	case b.notifier <- data:
		return true
	case <-b.shutdown:
		return false
	}
}

// Register adds a client whose queue has room for buffer events. The broker's goroutine calls cut if the client is
// too slow. Register returns false after shutdown.
func (b *Broker) Register(buffer int, cut func()) (*Client, bool) {
	client := &Client{make(chan []byte, buffer), cut}
	select {
	case b.register <- client:
		return client, true
	case <-b.shutdown:
		return nil, false
	}
}

// Unregister removes the client, if it is still registered. It doesn't block after shutdown.
func (b *Broker) Unregister(client *Client) {
	select {
	case b.unregister <- client:
	case <-b.shutdown:
	}
}

// Shutdown ends Run and all streams.
func (b *Broker) Shutdown() {
	b.once.Do(func() { close(b.shutdown) })
}

// encode returns the bytes of an event, which all clients share.
func encode(id uint64, data string) []byte {
	var event strings.Builder
	fmt.Fprintf(&event, "id: 0-%d\n", id)
	for line := range strings.SplitSeq(data, "\n") {
		event.WriteString("data: " + line + "\n")
	}
	event.WriteString("\n")
	return []byte(event.String())
}
