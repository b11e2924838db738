#!/bin/sh
# github.com/yaronf/httpsign v0.4.2 (Go): @request-target is signed with the path decoded, @path is not
#
# RFC 9421, section 2.2.5: @request-target is the request target as it is sent. The library makes it of url.URL.Path, which is
# decoded, so a request for /a%20b signs "/a b" while net/http sends "/a%20b", and no verifier that sees the request as
# it was sent can verify the signature. @path and @target-uri of the same request have the escapes, so sign those.
#
# Output seen on 2026-11-28, Go 1.26.8:
#   sent:            /a%20b?c=%2F
#   @path as sent:   true
#   @request-target: /a b?c=%2F
#
# Needs Go, and a Go module proxy. Exits with 1 if the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/yaronf/httpsign"
)

// The signature that is expected over one component.
func over(key []byte, component, value string) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%q: %s\n\"@signature-params\": (%q)", component, value, component)
	return "sig=:" + base64.StdEncoding.EncodeToString(mac.Sum(nil)) + ":"
}

func main() {
	key := bytes.Repeat([]byte{1}, 64)
	request, _ := http.NewRequest("GET", "https://api.example.com/a%20b?c=%2F", nil)
	signatureOver := func(component string) string {
		config := httpsign.NewSignConfig().SignCreated(false).SignAlg(false)
		signer, _ := httpsign.NewHMACSHA256Signer(key, config, httpsign.Headers(component))
		_, signature, err := httpsign.SignRequest("sig", *signer, request)
		if err != nil {
			panic(err)
		}
		return signature
	}
	fmt.Printf("sent:            %s\n", request.URL.RequestURI())
	fmt.Printf("@path as sent:   %v\n", signatureOver("@path") == over(key, "@path", "/a%20b"))
	for _, target := range []string{"/a%20b?c=%2F", "/a b?c=%2F"} {
		if signatureOver("@request-target") == over(key, "@request-target", target) {
			fmt.Printf("@request-target: %s\n", target)
		}
	}
}
GO
cat >expected <<'TEXT'
sent:            /a%20b?c=%2F
@path as sent:   true
@request-target: /a b?c=%2F
TEXT
{ go mod init finding && go get github.com/yaronf/httpsign@v0.4.2; } >install.log 2>&1 || { cat install.log; exit 2; }
go run . >actual
diff expected actual
