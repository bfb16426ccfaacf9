// This program is the talk's broker for server-sent events, with a server around it.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "the `address` to listen on")
	buffer := flag.Int("buffer", 256, "the number of `events` that may wait for one client")
	flag.Parse()
	if *buffer < 0 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "sse: --buffer needs a number that isn't negative, and there are no other arguments")
		os.Exit(2)
	}
	if err := serve(*listen, *buffer); err != nil {
		fmt.Fprintln(os.Stderr, "sse:", err)
		os.Exit(1)
	}
}

func serve(address string, buffer int) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())

	broker := NewBroker()
	go broker.Run()
	server := &http.Server{Handler: Handler(broker, buffer)}
	stop, done := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer done()
	go func() {
		<-stop.Done()
		broker.Shutdown()
		_ = server.Shutdown(context.Background())
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}
