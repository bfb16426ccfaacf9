// Package gotorust is the Go side of the book's page "From Go to Rust". Each file has a Rust module of the
// same name in ../src; claims_test.go checks what the page says about Go.
package gotorust

// ANCHOR: double

// Double doubles n in a goroutine.
func Double(n int) int {
	result := make(chan int)
	go func() { result <- 2 * n }()
	return <-result
}

// ANCHOR_END: double
