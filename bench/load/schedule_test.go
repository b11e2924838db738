package main

import (
	"testing"
	"time"
)

func TestCallsAreDueAtEqualIntervals(t *testing.T) {
	began := time.Unix(100, 0)
	s := schedule{began: began, rate: 1000}
	for n, want := range map[int]time.Duration{0: 0, 1: time.Millisecond, 2500: 2500 * time.Millisecond} {
		if got := s.due(n).Sub(began); got != want {
			t.Errorf("call %d is due after %v, not %v", n, got, want)
		}
	}
}

func TestASenderThatWakesLateOwesEveryCallSinceThen(t *testing.T) {
	began := time.Unix(100, 0)
	s := schedule{began: began, rate: 1000}
	cases := map[time.Duration]int{-time.Second: 0, 0: 1, 1500 * time.Microsecond: 2, time.Second: 1001}
	for late, want := range cases {
		if got := s.upTo(began.Add(late)); got != want {
			t.Errorf("after %v %d calls are due, not %d", late, got, want)
		}
	}
}

func TestLatencyOfAnOpenLoopCountsFromTheInstantThatACallWasDue(t *testing.T) {
	from := time.Unix(100, 0)
	r := recorder{from: from, until: from.Add(time.Second)}
	// Due in the window, answered long after it: it belongs to the window with its whole wait.
	r.answered(from.Add(900*time.Millisecond), from.Add(3*time.Second), true, "")
	// Due before the window, answered in it.
	r.answered(from.Add(-time.Millisecond), from.Add(time.Millisecond), true, "")
	if len(r.latencies) != 1 || r.latencies[0] != 2100*time.Millisecond {
		t.Errorf("latencies are %v", r.latencies)
	}
}

func TestACallOfAClosedLoopBelongsToTheWindowInWhichItIsAnswered(t *testing.T) {
	from := time.Unix(100, 0)
	r := recorder{from: from, until: from.Add(time.Second)}
	r.answered(from.Add(-time.Millisecond), from.Add(time.Millisecond), false, "")
	r.answered(from.Add(900*time.Millisecond), from.Add(3*time.Second), false, "")
	if len(r.latencies) != 1 || r.latencies[0] != 2*time.Millisecond {
		t.Errorf("latencies are %v", r.latencies)
	}
}
