// A client of grpc-go for the transports' tests: makes a set of calls at the address of its argument, and prints a line for each: its name,
// the code of its status, and the length of what was received.
package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

const check = "/envoy.service.auth.v3.Authorization/Check"

// bytesCodec hands messages over as they are.
type bytesCodec struct{}

func (bytesCodec) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }
func (bytesCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append([]byte(nil), data...)
	return nil
}
func (bytesCodec) Name() string { return "proto" }

func main() {
	connection, err := grpc.NewClient(os.Args[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		panic(err)
	}
	call := func(method string, size int, timeout time.Duration, options ...grpc.CallOption) (error, int) {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		request, reply := make([]byte, size), []byte(nil)
		options = append(options, grpc.ForceCodec(bytesCodec{}))
		err := connection.Invoke(ctx, method, &request, &reply, options...)
		return err, len(reply)
	}
	tell := func(name string, err error, length int) {
		fmt.Printf("%s: %s %d\n", name, status.Code(err), length)
	}
	err, length := call(check, 9, time.Minute)
	tell("a call", err, length)
	err, length = call(check, 9000, time.Minute)
	tell("a call of many frames", err, length)
	err, length = call(check, 10001, time.Minute)
	tell("a message over the limit", err, length)
	err, length = call("/envoy.service.auth.v3.Authorization/Other", 9, time.Minute)
	tell("an unknown method", err, length)
	err, length = call(check, 9000, time.Minute, grpc.UseCompressor(gzip.Name))
	tell("a compressed message", err, length)

	var wait sync.WaitGroup
	var lock sync.Mutex
	answered := 0
	for range 1500 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if err, length := call(check, 9, time.Minute); err == nil && length == 9 {
				lock.Lock()
				answered++
				lock.Unlock()
			}
		}()
	}
	wait.Wait()
	fmt.Printf("1500 calls at once: %d answered\n", answered)

	health := grpc_health_v1.NewHealthClient(connection)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	reply, err := health.Check(ctx, &grpc_health_v1.HealthCheckRequest{})
	fmt.Printf("health: %s %s\n", status.Code(err), reply.GetStatus())
	_, err = health.Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: "other"})
	fmt.Printf("health of another service: %s\n", status.Code(err))
	watch, err := health.Watch(ctx, &grpc_health_v1.HealthCheckRequest{})
	if err == nil {
		reply, err = watch.Recv()
	}
	fmt.Printf("a watch of health: %s %s\n", status.Code(err), reply.GetStatus())
}
