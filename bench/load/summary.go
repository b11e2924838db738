package main

import (
	"slices"
	"time"
)

// quantiles are those that a plot of the distribution needs, in parts of the whole.
var quantiles = []float64{
	0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 1,
}

func summarize(conns []*conn, o options, cpu float64, unanswered int) *summary {
	result := &summary{Seconds: o.duration.Seconds(), CPUSeconds: cpu, OwnCPUSeconds: ownCPU(), Unanswered: unanswered}
	var latencies []time.Duration
	for _, c := range conns {
		latencies = append(latencies, c.record.latencies...)
		result.Wrong += c.record.wrong
		if result.FirstWrong == "" {
			result.FirstWrong = c.record.firstWrong
		}
	}
	slices.Sort(latencies)
	result.Answered = len(latencies)
	for _, share := range quantiles {
		if ms, ok := quantile(latencies, share); ok {
			result.Latencies = append(result.Latencies, [2]float64{share, ms})
		}
	}
	return result
}

// quantile returns the smallest latency, in milliseconds, that at least this share of all calls did not exceed.
func quantile(sorted []time.Duration, share float64) (float64, bool) {
	if len(sorted) == 0 {
		return 0, false
	}
	at := max(0, min(len(sorted)-1, ceil(share*float64(len(sorted)))-1))
	return float64(sorted[at]) / float64(time.Millisecond), true
}

func ceil(value float64) int {
	whole := int(value)
	if float64(whole) < value {
		whole++
	}
	return whole
}
