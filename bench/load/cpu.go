package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ticks is the kernel's unit of CPU times in /proc, per second; the same on every Linux machine that Go runs on.
const ticks = 100

// measureCPU returns the seconds of CPU time that these processes use between two instants.
func measureCPU(pids []int, from, until time.Time) float64 {
	time.Sleep(time.Until(from))
	before := cpuOf(pids)
	time.Sleep(time.Until(until))
	return cpuOf(pids) - before
}

func cpuOf(pids []int) float64 {
	sum := 0.0
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		sum += cpuSeconds(string(stat))
	}
	return sum
}

// cpuSeconds returns utime and stime of the text of /proc/PID/stat. The name of the program, in parentheses, may hold anything.
func cpuSeconds(stat string) float64 {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticks
}

func ownCPU() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}
