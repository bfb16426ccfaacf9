// The talk's fan-out in Go: makes a page from three sources that take 200, 300 and 150 ms, in three ways, and prints how
// long each takes. With the argument "serve" it serves the page over three services on this machine, and with "measure"
// it prints figures for scripts/bench.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

// Fetch is the signature of all three.
type Fetch func(context.Context, Sources) Page

var variants = []struct {
	name string
	page Fetch
}{
	{"sequential", Sequential},
	{"wait group", WaitGroup},
	{"wg.Go", WaitGroupGo},
}

// talk are the talk's latencies.
var talk = Sleeping{200 * time.Millisecond, 300 * time.Millisecond, 150 * time.Millisecond}

const patience = time.Second

func main() {
	if len(os.Args) == 2 && os.Args[1] == "measure" {
		measure()
		return
	}
	if len(os.Args) == 2 && os.Args[1] == "serve" {
		serve()
		return
	}
	for _, variant := range variants {
		start := time.Now()
		variant.page(context.Background(), talk)
		fmt.Printf("%-10s %v\n", variant.name, time.Since(start).Round(10*time.Millisecond))
	}
}

// serve serves the page until the process ends.
func serve() {
	services := Services{
		ci:   listen(Serve("passed", talk.ci)),
		cd:   listen(Serve("deployed", talk.cd)),
		user: listen(Serve("Ada", talk.user)),
	}
	fmt.Println(listen(Handler(services, patience)))
	select {}
}

// listen serves on a port of this machine that is free, and returns the address.
func listen(handler http.Handler) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(http.Serve(listener, handler)) }()
	return "http://" + listener.Addr().String()
}
