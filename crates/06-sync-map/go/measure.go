package main

import (
	"fmt"
	"math/bits"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// The sizes, the number of repetitions, the mixes and the keys are those of the Rust program that runs this one.
var sizes = []struct{ results, repetitions int }{{50, 2_001}, {1_000, 301}, {1_000_000, 3}}

const (
	keys       = 1 << 17
	operations = 200_000
)

var mixes = []struct {
	name                   string
	get, insert, remove    uint64 // and the rest are updates, of 100
	prefilled              uint64 // quarters of the keys
}{
	{"read", 98, 1, 1, 3},
	{"exchange", 10, 40, 40, 3},
	{"grow", 5, 80, 5, 0},
}

// measure prints one figure per line: a name, a value.
func measure() {
	threads := []int{1, 2}
	for _, size := range sizes {
		for _, threads := range threads {
			collecting("syncmap", size.results, size.repetitions, threads, func() stored { return new(syncMap) })
			collecting("mutexmap", size.results, size.repetitions, threads, func() stored { return &mutexMap{m: map[uint64]uint64{}} })
			collecting("slice", size.results, size.repetitions, threads, func() stored { return make(slice, size.results) })
		}
	}
	for _, mix := range mixes {
		for _, threads := range threads {
			mixed("syncmap", mix.name, threads, new(syncMap))
			mixed("mutexmap", mix.name, threads, &mutexMap{m: map[uint64]uint64{}})
		}
	}
	const n = 1_000_000
	bytes("syncmap", n, new(syncMap))
	bytes("mutexmap", n, &mutexMap{m: map[uint64]uint64{}})
	bytes("slice", n, make(slice, n))
}

// stored is what a result can be stored into.
type stored interface{ store(i int, key uint64) }

type shared interface {
	stored
	get(key uint64) bool
	remove(key uint64)
	update(key uint64)
}

type syncMap struct{ m sync.Map }

func (s *syncMap) store(_ int, key uint64) { s.m.Store(key, key) }
func (s *syncMap) get(key uint64) bool     { _, found := s.m.Load(key); return found }
func (s *syncMap) remove(key uint64)       { s.m.LoadAndDelete(key) }
func (s *syncMap) update(key uint64) {
	for {
		old, found := s.m.Load(key)
		if !found || s.m.CompareAndSwap(key, old, old.(uint64)+1) {
			return
		}
	}
}

type mutexMap struct {
	mu sync.Mutex
	m  map[uint64]uint64
}

func (s *mutexMap) store(_ int, key uint64) {
	s.mu.Lock()
	s.m[key] = key
	s.mu.Unlock()
}

func (s *mutexMap) get(key uint64) bool {
	s.mu.Lock()
	_, found := s.m[key]
	s.mu.Unlock()
	return found
}

func (s *mutexMap) remove(key uint64) {
	s.mu.Lock()
	delete(s.m, key)
	s.mu.Unlock()
}

func (s *mutexMap) update(key uint64) {
	s.mu.Lock()
	if value, found := s.m[key]; found {
		s.m[key] = value + 1
	}
	s.mu.Unlock()
}

type slice []uint64

func (s slice) store(i int, key uint64) { s[i] = key }

// key is the i-th cluster's: any number.
func key(i int) uint64 { return uint64(i) * 0x9e3779b97f4a7c15 }

// barrier lets threads start together: it spins, because a thread that sleeps starts late.
type barrier struct{ arrived atomic.Int64 }

func (b *barrier) wait(threads, phase int) {
	b.arrived.Add(1)
	for b.arrived.Load() < int64(threads*phase) {
	}
}

// collecting prints the nanoseconds per result: the median of several collections.
func collecting(name string, results, repetitions, threads int, create func() stored) {
	stores := make([]stored, repetitions)
	for i := range stores {
		stores[i] = create()
	}
	took := timed(threads, repetitions, func(thread, repetition int) {
		store := stores[repetition]
		for i := thread * results / threads; i < (thread+1)*results/threads; i++ {
			store.store(i, key(i))
		}
	})
	fmt.Printf("collect/%d/%d/%s %v\n", results, threads, name, took/float64(results))
}

// timed returns the median of the nanoseconds from the first thread's start to the last one's end.
func timed(threads, repetitions int, run func(thread, repetition int)) float64 {
	runtime.GC()
	starts, ends := make([][]time.Duration, threads), make([][]time.Duration, threads)
	epoch := time.Now()
	var together barrier
	var wg sync.WaitGroup
	for thread := range threads {
		starts[thread], ends[thread] = make([]time.Duration, repetitions), make([]time.Duration, repetitions)
		// The thread is not unlocked, so it ends with the goroutine.
		wg.Go(func() {
			pin(thread)
			for repetition := range repetitions {
				together.wait(threads, repetition+1)
				starts[thread][repetition] = time.Since(epoch)
				run(thread, repetition)
				ends[thread][repetition] = time.Since(epoch)
			}
		})
	}
	wg.Wait()
	took := make([]float64, repetitions)
	for repetition := range took {
		first, last := starts[0][repetition], ends[0][repetition]
		for thread := range threads {
			first, last = min(first, starts[thread][repetition]), max(last, ends[thread][repetition])
		}
		took[repetition] = float64((last - first).Nanoseconds())
	}
	slices.Sort(took)
	return took[repetitions/2]
}

// random is the generator that the Rust program uses, too: splitmix64.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number below n.
func (r *random) below(n uint64) uint64 {
	high, _ := bits.Mul64(r.next(), n)
	return high
}

// mixed prints the nanoseconds per operation of each thread.
func mixed(name, mixName string, threads int, store shared) {
	mix := mixes[slices.IndexFunc(mixes, func(m struct {
		name                string
		get, insert, remove uint64
		prefilled           uint64
	}) bool {
		return m.name == mixName
	})]
	for i := range uint64(keys) * mix.prefilled / 4 {
		store.store(0, key(int(i)))
	}
	type operation struct{ kind, key uint64 }
	drawn := make([][]operation, threads)
	for thread := range drawn {
		random := random(thread)
		for range operations {
			drawn[thread] = append(drawn[thread], operation{random.below(100), key(int(random.below(keys)))})
		}
	}
	took := timed(threads, 1, func(thread, _ int) {
		for _, operation := range drawn[thread] {
			switch kind := operation.kind; {
			case kind < mix.get:
				store.get(operation.key)
			case kind < mix.get+mix.insert:
				store.store(0, operation.key)
			case kind < mix.get+mix.insert+mix.remove:
				store.remove(operation.key)
			default:
				store.update(operation.key)
			}
		}
	})
	fmt.Printf("mix/%s/%d/%s %v\n", mixName, threads, name, took/operations)
}

// bytes prints the bytes of the heap and the allocations per result.
func bytes(name string, results int, store stored) {
	before, allocated := heap() // a slice is in it already, and counted below
	for i := range results {
		store.store(i, key(i))
	}
	after, allocatedAfter := heap()
	per := float64(int64(after)-int64(before)) / float64(results)
	if all, ok := store.(slice); ok {
		per += float64(cap(all)*8) / float64(results)
	}
	runtime.KeepAlive(store)
	fmt.Printf("bytes/%s %v\n", name, per)
	fmt.Printf("allocations/%s %v\n", name, float64(allocatedAfter-allocated)/float64(results))
}

// heap returns the bytes in use and the number of allocations so far.
func heap() (inUse, allocated uint64) {
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc, stats.Mallocs
}
