// Command reference is the yardstick of the benchmarks: the ext_authz server that a Go developer would write for signed requests, on
// grpc-go and go-control-plane. It decodes the whole CheckRequest, looks the caller up, computes one HMAC-SHA1 over a string to sign, and
// MD5 of the body where there is one. It has no grants, key states, variants, replay window, metrics or diagnostics.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address of the gRPC port")
	keys := flag.String("keys", "", "file of callers: an id and a secret on each line")
	maxBytes := flag.Int("max-request-bytes", 32<<20, "largest gRPC message")
	flag.Parse()
	secrets, err := readSecrets(*keys)
	if err != nil {
		log.Fatalf("the callers cannot be read: %v", err)
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(*maxBytes))
	auth.RegisterAuthorizationServer(server, &authorizer{secrets: secrets})
	healthy := health.NewServer()
	healthy.SetServingStatus(auth.Authorization_ServiceDesc.ServiceName, healthpb.HealthCheckResponse_SERVING)
	healthpb.RegisterHealthServer(server, healthy)
	fmt.Printf("listening on %s with %d callers\n", listener.Addr(), len(secrets))
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-signals
		server.Stop()
	}()
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}

// readSecrets returns the secret of each id in the file.
func readSecrets(path string) (map[string][]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	secrets := make(map[string][]byte)
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		id, secret, found := strings.Cut(lines.Text(), " ")
		if !found {
			return nil, fmt.Errorf("%s: a line is not an id and a secret", path)
		}
		secrets[id] = []byte(secret)
	}
	return secrets, lines.Err()
}
