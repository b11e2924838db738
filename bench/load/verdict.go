package main

import (
	"encoding/binary"
	"fmt"
)

// Field numbers of envoy.service.auth.v3.CheckResponse.
const (
	fieldDenied = 2
	fieldOK     = 3
)

// problemOf returns what is wrong with an answer, or "" if it is the expected verdict.
func (r *recorder) problemOf(done *call) string {
	if done.isReset {
		return "the server reset the stream"
	}
	if r.http && done.status != "200" {
		return fmt.Sprintf("status %q: %q", done.status, done.answer)
	}
	if r.http {
		return ""
	}
	if done.status != "0" {
		return fmt.Sprintf("grpc-status %q", done.status)
	}
	wanted := fieldOK
	if r.denials {
		wanted = fieldDenied
	}
	if !hasField(done.answer, wanted) {
		return fmt.Sprintf("the answer is not the expected verdict: %q", done.answer)
	}
	return ""
}

// hasField tells whether the protobuf message behind a gRPC prefix has a field of this number, on its first level.
func hasField(answer []byte, number int) bool {
	if len(answer) < 5 {
		return false
	}
	for rest := answer[5:]; len(rest) > 0; {
		tag, size := binary.Uvarint(rest)
		if size <= 0 || tag&7 != 2 {
			return false
		}
		if int(tag>>3) == number {
			return true
		}
		length, more := binary.Uvarint(rest[size:])
		if more <= 0 || uint64(len(rest)-size-more) < length {
			return false
		}
		rest = rest[size+more+int(length):]
	}
	return false
}
