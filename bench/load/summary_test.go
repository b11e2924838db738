package main

import (
	"testing"
	"time"
)

func TestAQuantileIsTheSmallestLatencyThatSoManyDidNotExceed(t *testing.T) {
	sorted := []time.Duration{1e6, 2e6, 3e6, 4e6}
	for share, want := range map[float64]float64{0: 1, 0.25: 1, 0.5: 2, 0.51: 3, 0.99: 4, 1: 4} {
		if got, ok := quantile(sorted, share); !ok || got != want {
			t.Errorf("quantile %v is %v, not %v", share, got, want)
		}
	}
	if _, ok := quantile(nil, 0.5); ok {
		t.Error("nothing has a quantile")
	}
}

func TestTheVerdictIsReadFromTheAnswer(t *testing.T) {
	ok := []byte{0, 0, 0, 0, 4, 0x0a, 0, 0x1a, 0}
	denied := []byte{0, 0, 0, 0, 4, 0x0a, 0, 0x12, 0}
	cases := map[string]struct {
		call    call
		denials bool
		fine    bool
	}{
		"an ok response":                        {call{status: "0", answer: ok}, false, true},
		"a denial where an ok is expected":      {call{status: "0", answer: denied}, false, false},
		"a denial where denials are expected":   {call{status: "0", answer: denied}, true, true},
		"an ok response where denials are":      {call{status: "0", answer: ok}, true, false},
		"a gRPC error":                          {call{status: "14", answer: nil}, true, false},
		"no answer behind status 0":             {call{status: "0"}, false, false},
		"a stream that the server reset":        {call{isReset: true}, false, false},
		"a message that ends in its last field": {call{status: "0", answer: ok[:7]}, false, false},
	}
	for name, c := range cases {
		r := recorder{denials: c.denials}
		if problem := r.problemOf(&c.call); (problem == "") != c.fine {
			t.Errorf("%s: %q", name, problem)
		}
	}
}

func TestCPUTimesAreReadBehindTheProgramsName(t *testing.T) {
	if got := cpuSeconds("7 (a) b) S 1 7 7 0 -1 0 0 0 0 0 150 50 9 9 20 0 1"); got != 2 {
		t.Errorf("got %v s", got)
	}
}
