package gotorust

// ANCHOR: sum

// SumOf adds up what arrives on either channel until both are closed.
func SumOf(left, right <-chan int) (sum int) {
	for left != nil || right != nil {
		select {
		case n, ok := <-left:
			sum += n
			if !ok {
				left = nil // blocks forever, so this case is never ready again
			}
		case n, ok := <-right:
			sum += n
			if !ok {
				right = nil
			}
		}
	}
	return sum
}

// ANCHOR_END: sum
