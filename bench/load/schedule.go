package main

import (
	"syscall"
	"time"
)

// schedule says when each call of an open loop is due. It knows nothing of answers.
type schedule struct {
	began time.Time
	rate  float64
}

// due returns the instant of the n-th call, counted from 0.
func (s schedule) due(n int) time.Time {
	return s.began.Add(time.Duration(float64(n) / s.rate * float64(time.Second)))
}

// upTo returns how many calls are due at this instant or before.
func (s schedule) upTo(now time.Time) int {
	if now.Before(s.began) {
		return 0
	}
	return int(now.Sub(s.began).Seconds()*s.rate) + 1
}

// sendOnSchedule sends each call when it is due, over the connections in turn. A sender that wakes late sends all that is due at once,
// and their latencies count from when they were due.
func sendOnSchedule(s schedule, conns []*conn, until time.Time) {
	for sent := 0; ; {
		now := time.Now()
		for ; sent < s.upTo(now); sent++ {
			due := s.due(sent)
			if !due.Before(until) {
				return
			}
			conns[sent%len(conns)].call(due)
		}
		sleepUntil(s.due(sent))
	}
}

// sleepUntil is more exact than time.Sleep, which rounds up to a millisecond while all goroutines wait for the network.
func sleepUntil(instant time.Time) {
	if left := time.Until(instant); left > 0 {
		request := syscall.NsecToTimespec(int64(left))
		// Woken early by a signal, the caller finds nothing due and sleeps on.
		_ = syscall.Nanosleep(&request, nil)
	}
}
