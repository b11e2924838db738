package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/net/http2/hpack"
)

// message is one request on the wire: its header fields, and its body if there is one.
type message struct {
	headers []hpack.HeaderField
	body    []byte
}

// checkHeaders are those that Envoy's gRPC client sends with a Check.
var checkHeaders = []hpack.HeaderField{
	{Name: ":method", Value: "POST"},
	{Name: ":scheme", Value: "http"},
	{Name: ":path", Value: "/envoy.service.auth.v3.Authorization/Check"},
	{Name: ":authority", Value: "verifier"},
	{Name: "te", Value: "trailers"},
	{Name: "content-type", Value: "application/grpc"},
	{Name: "grpc-accept-encoding", Value: "identity"},
}

// readMessages splits a file of gRPC messages; each keeps its prefix.
func readMessages(path string) ([]message, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var messages []message
	for {
		var prefix [5]byte
		if _, err := io.ReadFull(file, prefix[:]); errors.Is(err, io.EOF) {
			return messages, noneIn(path, messages)
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		body := make([]byte, 5+binary.BigEndian.Uint32(prefix[1:]))
		copy(body, prefix[:])
		if _, err := io.ReadFull(file, body[5:]); err != nil {
			return nil, fmt.Errorf("%s: the last message is cut off: %w", path, err)
		}
		messages = append(messages, message{headers: checkHeaders, body: body})
	}
}

// readRequests reads HTTP requests; pseudo-headers come first in each of them.
func readRequests(path string) ([]message, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var messages []message
	for lines := json.NewDecoder(file); ; {
		var request struct {
			Headers [][2]string
			Body    []byte
		}
		if err := lines.Decode(&request); errors.Is(err, io.EOF) {
			return messages, noneIn(path, messages)
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		read := message{body: request.Body}
		for _, line := range request.Headers {
			read.headers = append(read.headers, hpack.HeaderField{Name: line[0], Value: line[1]})
		}
		messages = append(messages, read)
	}
}

func noneIn(path string, messages []message) error {
	if len(messages) == 0 {
		return fmt.Errorf("%s holds no message", path)
	}
	return nil
}
