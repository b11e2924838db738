package main

import (
	"runtime"
	"sync"
	"time"
)

// patience is how long calls that were due in the window may take after it.
const patience = 10 * time.Second

// recorder collects what was answered in the window. Each connection has one, so that none waits for another.
type recorder struct {
	from, until time.Time
	http        bool
	denials     bool
	latencies   []time.Duration
	wrong       int
	firstWrong  string
}

// answered records a call that was due (open loop) or sent (closed loop) at this instant. In a closed loop a call belongs to the window in
// which it is answered, in an open loop to the one in which it was due.
func (r *recorder) answered(due, now time.Time, open bool, problem string) {
	counted := now
	if open {
		counted = due
	}
	if problem != "" {
		r.wrong++
		if r.firstWrong == "" {
			r.firstWrong = problem
		}
	}
	if !counted.Before(r.from) && counted.Before(r.until) {
		r.latencies = append(r.latencies, now.Sub(due))
	}
}

func run(o options, messages []message) (*summary, error) {
	runtime.GOMAXPROCS(1)
	failed := make(chan error, o.connections)
	from := time.Now().Add(o.warmup + 20*time.Millisecond)
	until := from.Add(o.duration)
	conns := make([]*conn, o.connections)
	for i := range conns {
		record := &recorder{from: from, until: until, http: o.http, denials: o.denials}
		c, err := dial(o, record, messages, i)
		if err != nil {
			return nil, err
		}
		conns[i] = c
	}
	var readers sync.WaitGroup
	for _, c := range conns {
		readers.Add(1)
		go func() {
			defer readers.Done()
			if err := c.read(); err != nil {
				failed <- err
			}
		}()
	}
	cpu := make(chan float64, 1)
	go func() { cpu <- measureCPU(o.pids, from, until) }()
	if o.rate > 0 {
		// The sender sleeps in a system call, and holds what would run the readers meanwhile.
		runtime.GOMAXPROCS(2)
		sendOnSchedule(schedule{began: time.Now(), rate: o.rate}, conns, until)
	} else {
		for _, c := range conns {
			c.fill(o.streams)
		}
		time.Sleep(time.Until(until))
	}
	unanswered := finish(conns, o.rate > 0, failed)
	for _, c := range conns {
		c.socket.Close()
	}
	readers.Wait()
	select {
	case err := <-failed:
		return nil, err
	default:
	}
	return summarize(conns, o, <-cpu, unanswered), nil
}

// finish waits in an open loop until all is answered, and returns how many calls are not.
func finish(conns []*conn, open bool, failed chan error) int {
	for _, c := range conns {
		c.stop()
	}
	if !open {
		return 0
	}
	end := time.Now().Add(patience)
	for {
		left := 0
		for _, c := range conns {
			left += c.unanswered()
		}
		if left == 0 || time.Now().After(end) || len(failed) > 0 {
			return left
		}
		time.Sleep(10 * time.Millisecond)
	}
}
