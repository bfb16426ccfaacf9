// Checks what is hibernated in batches, as the talk does. Start a server for it:
//
//	cargo run -p apiserver -- --listen 127.0.0.1:8001 --latency-ms 50 --load talk
//	go run . -server http://127.0.0.1:8001
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"
)

func main() {
	server := flag.String("server", "http://127.0.0.1:8001", "the API server's `URL`")
	batch := flag.Int("batch", 10, "the `size` of a batch, at least 1")
	rounds := flag.Int("rounds", 1, "how often to check")
	flag.Parse()
	if err := run(*server, *batch, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "hibernation:", err)
		os.Exit(1)
	}
}

func run(server string, batch, rounds int) error {
	if batch < 1 {
		return fmt.Errorf("found a batch size of %d, expected at least 1", batch)
	}
	// The default transport keeps two idle connections to a host, and would open the others anew in each batch.
	transport := &http.Transport{MaxIdleConnsPerHost: batch}
	cluster := Cluster{server, &http.Client{Transport: transport, Timeout: time.Minute}}
	resources, err := cluster.Find()
	if err != nil {
		return err
	}
	for ; rounds > 0; rounds-- {
		start := time.Now()
		report := checkInBatches(cluster.Get, resources, batch)
		took := time.Since(start)
		fmt.Printf("%d of %d are hibernated: %s\n", report.Hibernated, report.CanBeHibernated, report.Status())
		fmt.Printf("milliseconds %.3f\n", float64(took.Microseconds())/1000)
	}
	return nil
}
