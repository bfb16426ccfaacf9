package gotorust

// ANCHOR: sum

// Sum sends 1, 2 and 3 through a channel, and returns their sum.
func Sum() int {
	numbers := make(chan int)
	go func() {
		defer close(numbers)
		for n := 1; n <= 3; n++ {
			numbers <- n
		}
	}()
	sum := 0
	for n := range numbers {
		sum += n
	}
	return sum
}

// ANCHOR_END: sum
