// Command load sends ext_authz Checks to a gRPC server and prints what it measured as JSON.
//
// Closed loop (the default): each connection keeps a number of calls in flight, which shows what a server can do. Open loop (--rate):
// each call has an instant at which it is due, whatever became of the calls before it, and its latency counts from that instant, so that
// a server that stalls is charged for every call that should have been sent meanwhile (no coordinated omission).
//
// It reads each verdict: an answer is right when the gRPC status is 0 and the CheckResponse has an ok_response, or a denied_response where
// denials are expected.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

type options struct {
	target      string
	connections int
	streams     int
	rate        float64
	warmup      time.Duration
	duration    time.Duration
	denials     bool
	http        bool
	pids        []int
}

// summary is what the program prints.
type summary struct {
	// Answered counts the answers in the window, Wrong those whose verdict was not the expected one.
	Answered int `json:"answered"`
	Wrong    int `json:"wrong"`
	// Unanswered counts calls that were due in the window and had no answer when the program stopped waiting.
	Unanswered int     `json:"unanswered"`
	Seconds    float64 `json:"seconds"`
	// CPUSeconds is what the processes of --pids used in the window.
	CPUSeconds float64 `json:"cpuSeconds"`
	// OwnCPUSeconds is what this program used since its start.
	OwnCPUSeconds float64 `json:"ownCpuSeconds"`
	// Latencies are pairs of a quantile and milliseconds.
	Latencies [][2]float64 `json:"latencies"`
	// FirstWrong describes the first wrong answer.
	FirstWrong string `json:"firstWrong,omitempty"`
}

func main() {
	var o options
	frames := flag.String("frames", "", "file of gRPC messages with their 5-byte prefixes; they are sent in turn")
	requests := flag.String("requests", "", "instead of --frames: file of HTTP requests, a JSON object on each line; 200 is expected")
	flag.StringVar(&o.target, "target", "", "host:port of the server")
	flag.IntVar(&o.connections, "connections", 8, "connections")
	flag.IntVar(&o.streams, "streams", 32, "closed loop: calls in flight on each connection")
	flag.Float64Var(&o.rate, "rate", 0, "open loop: calls per second over all connections")
	flag.DurationVar(&o.warmup, "warmup", time.Second, "time before the measured window")
	flag.DurationVar(&o.duration, "duration", 3*time.Second, "length of the measured window")
	flag.BoolVar(&o.denials, "denials", false, "expect denials instead of ok responses")
	pids := flag.String("pids", "", "processes whose CPU time is measured, separated by commas")
	flag.Parse()
	o.http = *requests != ""
	result, err := execute(o, *frames+*requests, *pids)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}

func execute(o options, path, pids string) (*summary, error) {
	read := readMessages
	if o.http {
		read = readRequests
	}
	messages, err := read(path)
	if err != nil {
		return nil, err
	}
	for _, pid := range strings.FieldsFunc(pids, func(r rune) bool { return r == ',' }) {
		number, err := strconv.Atoi(pid)
		if err != nil {
			return nil, fmt.Errorf("--pids: %w", err)
		}
		o.pids = append(o.pids, number)
	}
	return run(o, messages)
}
