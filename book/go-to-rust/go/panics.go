package gotorust

import "fmt"

// ANCHOR: divide

// Divide divides in a goroutine, and returns an error if the division panicked.
func Divide(a, b int) (quotient int, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if panicked := recover(); panicked != nil {
				err = fmt.Errorf("panicked: %v", panicked)
			}
		}()
		quotient = a / b
	}()
	<-done
	return quotient, err
}

// ANCHOR_END: divide
