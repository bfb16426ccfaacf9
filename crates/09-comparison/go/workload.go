package main

import (
	"math"
	"math/bits"
	"time"
)

// workloads has the names of Durations, from even to uneven.
var workloads = []string{"constant", "uniform", "exponential", "95 % short, 5 % long"}

// Durations returns the same durations as the Rust crate does for this workload and seed, with a mean of 50 ms.
func Durations(workload string, items int, seed uint64) []time.Duration {
	random := newRandom(seed)
	lengths := make([]time.Duration, items)
	for i := range lengths {
		ms := uint64(50)
		switch workload {
		case "uniform":
			ms = 1 + random.below(99)
		case "exponential":
			ms = max(1, uint64(math.Round(-50*math.Log(1-random.float()))))
		case "95 % short, 5 % long":
			ms = 25
			if i*20 < items {
				ms = 525
			}
		}
		lengths[i] = time.Duration(ms) * time.Millisecond
	}
	for last := items - 1; last > 0; last-- {
		other := random.below(uint64(last) + 1)
		lengths[last], lengths[other] = lengths[other], lengths[last]
	}
	return lengths
}

// random is PCG XSL RR 128/64, the generator of Rust's crate oorandom. Both numbers have 128 bits, high and low.
type random struct{ state, step [2]uint64 }

func newRandom(seed uint64) *random {
	const high, low = 0x2FE0E169FFBD06E3, 0x5BC307BD4D2F814F
	r := &random{step: [2]uint64{high<<1&math.MaxUint64 | low>>63, low<<1&math.MaxUint64 | 1}}
	r.next()
	r.state = add(r.state, [2]uint64{0, seed})
	r.next()
	return r
}

func (r *random) next() uint64 {
	const high, low = 2549297995355413924, 4865540595714422341
	old := r.state
	carry, product := bits.Mul64(old[1], low)
	r.state = add([2]uint64{carry + old[0]*low + old[1]*high, product}, r.step)
	// The bits from 58 to 121 of the old state, combined with a shift of itself by 29.
	mixed := [2]uint64{old[0] ^ old[0]>>29, old[1] ^ (old[1]>>29 | old[0]<<35)}
	return bits.RotateLeft64(mixed[1]>>58|mixed[0]<<6, -int(old[0]>>58))
}

// below returns a number from 0 up to, but not including, the bound. All are equally likely.
func (r *random) below(bound uint64) uint64 {
	for {
		high, low := bits.Mul64(r.next(), bound)
		if low >= bound || low >= -bound%bound {
			return high
		}
	}
}

// float returns a number from 0 up to, but not including, 1.
func (r *random) float() float64 {
	return float64(r.next()>>11) / (1 << 53)
}

func add(a, b [2]uint64) [2]uint64 {
	low, carry := bits.Add64(a[1], b[1], 0)
	high, _ := bits.Add64(a[0], b[0], carry)
	return [2]uint64{high, low}
}
