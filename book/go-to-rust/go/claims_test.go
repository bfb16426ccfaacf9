package gotorust

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const second = time.Second

func equal[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func panics(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		got := recover()
		if err, ok := got.(error); !ok || !strings.Contains(err.Error(), want) {
			t.Fatalf("got %v, want a panic: %s", got, want)
		}
	}()
	f()
}

func TestAGoroutineSendsItsValue(t *testing.T) {
	equal(t, Double(21), 42)
}

// A Tokio task that never yields keeps its thread instead.
func TestTheSchedulerInterruptsAGoroutineThatComputes(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !stop.Load() {
		}
	}()
	runtime.Gosched() // hands the only thread over; the scheduler takes it back
	stop.Store(true)
	<-done
}

func TestTheChannelListingAddsUp(t *testing.T) {
	equal(t, Sum(), 6)
}

func TestAnUnbufferedSendWaitsForItsReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		values := make(chan int)
		go func() {
			time.Sleep(second)
			<-values
		}()
		values <- 1
		equal(t, time.Since(start), second)
	})
}

func TestAClosedChannelIsEmptiedFirstAndThenReturnsZeroForever(t *testing.T) {
	values := make(chan int, 1)
	values <- 7
	close(values)
	value, ok := <-values
	equal(t, value, 7)
	equal(t, ok, true)
	for range 3 {
		value, ok := <-values
		equal(t, value, 0)
		equal(t, ok, false)
	}
}

func TestASendOnAClosedChannelPanics(t *testing.T) {
	values := make(chan int, 1)
	close(values)
	panics(t, "send on closed channel", func() { values <- 1 })
	panics(t, "close of closed channel", func() { close(values) })
}

func TestASendThatNobodyReceivesWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		values := make(chan int)
		var sent atomic.Bool
		go func() {
			values <- 1
			sent.Store(true)
		}()
		time.Sleep(3600 * second)
		equal(t, sent.Load(), false)
		<-values // a goroutine left behind would fail the test
	})
}

func TestTheSelectListingEndsWhenBothAreClosed(t *testing.T) {
	left, right := make(chan int, 3), make(chan int, 3)
	left <- 1
	close(left)
	right <- 10
	right <- 100
	close(right)
	equal(t, SumOf(left, right), 111)
}

func TestAClosedChannelIsAlwaysReadyInASelect(t *testing.T) {
	closed, open := make(chan int), make(chan int)
	close(closed)
	for range 1_000 {
		select {
		case value, ok := <-closed:
			equal(t, value, 0)
			equal(t, ok, false)
		case <-open:
			t.Fatal("nothing was sent")
		}
	}
}

func TestSelectChoosesAtRandomAmongWhatIsReady(t *testing.T) {
	taken := [2]int{}
	left, right := make(chan int), make(chan int)
	close(left)
	close(right)
	for range 1_000 {
		select {
		case <-left:
			taken[0]++
		case <-right:
			taken[1]++
		}
	}
	if taken[0] == 0 || taken[1] == 0 {
		t.Fatal(taken)
	}
}

func TestSelectTakesNothingFromTheOtherChannels(t *testing.T) {
	left, right := make(chan int, 1), make(chan int, 1)
	left <- 1
	right <- 1
	select {
	case <-left:
	case <-right:
	}
	equal(t, len(left)+len(right), 1)
}

func TestDefaultRunsAtOnce(t *testing.T) {
	select {
	case <-make(chan int):
		t.Fatal("nothing was sent")
	default:
	}
}

func TestTheContextListingStopsAfterASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := ForASecond(func() bool { return false })
		equal(t, errors.Is(err, context.DeadlineExceeded), true)
		equal(t, time.Since(start), second)
		equal(t, ForASecond(func() bool { return true }), nil)
	})
}

func TestAFunctionThatDoesNotAskRunsOnPastItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), second)
		defer cancel()
		start := time.Now()
		func(context.Context) { time.Sleep(10 * second) }(ctx)
		equal(t, time.Since(start), 10*second)
		equal(t, ctx.Err(), context.DeadlineExceeded)
	})
}

func TestCancelReachesChildrenAndNotParents(t *testing.T) {
	parent, cancelParent := context.WithCancel(context.Background())
	child, cancelChild := context.WithCancel(parent)
	cancelChild()
	equal(t, parent.Err(), nil)
	other, cancelOther := context.WithCancel(parent)
	defer cancelOther()
	cancelParent()
	equal(t, child.Err(), context.Canceled)
	equal(t, other.Err(), context.Canceled)
}

func TestTheWaitGroupListingKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		times := []time.Duration{3 * second, second, 2 * second}
		equal(t, slices.Equal(Sleeps(times), times), true)
		equal(t, time.Since(start), 3*second)
	})
}

func TestAMissingDoneMakesWaitBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var wg sync.WaitGroup
		wg.Add(1)
		var returned atomic.Bool
		go func() {
			wg.Wait()
			returned.Store(true)
		}()
		time.Sleep(3600 * second)
		equal(t, returned.Load(), false)
		wg.Done() // a goroutine left behind would fail the test
	})
}

func TestTheFirstErrorReturnsOnceAllHaveReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := errors.New("first")
		start := time.Now()
		err := Run(t.Context(),
			func(context.Context) error { time.Sleep(10 * second); return nil },
			func(context.Context) error { time.Sleep(1 * second); return first },
			func(context.Context) error { time.Sleep(2 * second); return errors.New("second") },
		)
		equal(t, err, first)
		equal(t, time.Since(start), 10*second)
	})
}

func TestATaskThatAsksStopsAtTheFirstError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := errors.New("first")
		start := time.Now()
		err := Run(t.Context(),
			func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			func(context.Context) error { time.Sleep(second); return first },
		)
		equal(t, err, first)
		equal(t, time.Since(start), second)
	})
}

func TestWithoutAnErrorRunReturnsNil(t *testing.T) {
	equal(t, Run(t.Context(), func(context.Context) error { return nil }), nil)
}

func TestTheMapCountsEveryWord(t *testing.T) {
	counts := Count([]string{"a", "b", "a", "a"})
	for word, want := range map[string]int64{"a": 3, "b": 1} {
		count, _ := counts.Load(word)
		equal(t, count.(*atomic.Int64).Load(), want)
	}
}

func TestAddReturnsTheNewValue(t *testing.T) {
	var hits Hits
	equal(t, hits.Hit(), 1)
	equal(t, hits.Hit(), 2)
}

func TestARecoveredPanicIsAnError(t *testing.T) {
	quotient, err := Divide(6, 3)
	equal(t, quotient, 2)
	equal(t, err, nil)
	_, err = Divide(6, 0)
	equal(t, strings.Contains(err.Error(), "divide by zero"), true)
}

// crashes starts this test's own binary again. There, crash runs instead of the checks.
func crashes(t *testing.T, want string, crash func()) {
	t.Helper()
	if os.Getenv("CRASH") != "" {
		crash()
		select {}
	}
	command := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.timeout=60s")
	command.Env = append(os.Environ(), "CRASH=1")
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(output), want) {
		t.Fatalf("%v\n%s", err, output)
	}
}

func TestAPanicInAGoroutineEndsTheProcess(t *testing.T) {
	crashes(t, "panic: in a goroutine", func() {
		defer func() { recover() }() // doesn't see another goroutine's panic
		go func() { panic("in a goroutine") }()
		select {}
	})
}

func TestNoRecoverCatchesConcurrentMapWrites(t *testing.T) {
	crashes(t, "fatal error: concurrent map writes", func() {
		counts := map[int]int{}
		for range 2 {
			go func() {
				defer func() { recover() }()
				for {
					counts[0]++
				}
			}()
		}
	})
}

func TestTheDeferListingHoldsOneLockAtATime(t *testing.T) {
	account := &Account{balance: 3}
	equal(t, Total([]*Account{account, account}), 6) // with both held it would hang
}

func TestADeferRunsWhenItsFunctionReturns(t *testing.T) {
	ran := false
	func() {
		{
			defer func() { ran = true }()
		}
		equal(t, ran, false)
	}()
	equal(t, ran, true)
}

func TestAMutexIsUnlockedAfterARecoveredPanicAndNobodyIsTold(t *testing.T) {
	var account Account
	func() {
		defer func() { recover() }()
		account.Lock()
		defer account.Unlock()
		panic("under the lock")
	}()
	equal(t, account.TryLock(), true)
}

func TestTheRaceDetectorReportsOnlyWhatRan(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go on PATH")
	}
	program := t.TempDir() + "/race"
	build := exec.Command("go", "build", "-race", "-o", program, "./race")
	if output, err := build.CombinedOutput(); err != nil {
		if os.Getenv("CI") != "true" && strings.Contains(string(output), "-race") {
			t.Skipf("the race detector can't be used here: %s", output)
		}
		t.Fatalf("%v\n%s", err, output)
	}
	for _, args := range [][]string{{}, {"second"}} {
		output, _ := exec.Command(program, args...).CombinedOutput()
		reported := strings.Contains(string(output), "WARNING: DATA RACE")
		equal(t, reported, len(args) == 1)
	}
}
