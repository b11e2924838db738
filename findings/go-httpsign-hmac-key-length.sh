#!/bin/sh
# github.com/yaronf/httpsign v0.4.2 (Go): NewHMACSHA256Signer takes no key of fewer than 64 bytes
#
# RFC 9421 sets no minimum for the key of hmac-sha256, and secrets of API gateways have about 40 characters. The library returns the error
# "key must be at least 64 bytes long" for one. HMAC pads a key that is shorter than a block with zero bytes to 64 bytes
# (RFC 2104), so the same secret with zero bytes behind it is accepted, and makes the signature of the short secret.
#
# Output seen on 2026-11-28, Go 1.26.8:
#   40 bytes: key must be at least 64 bytes long
#   padded to 64 bytes: <nil>, the signature of the 40 bytes: true
#
# Needs Go, and a Go module proxy. Exits with 1 if the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/yaronf/httpsign"
)

func main() {
	secret := []byte(strings.Repeat("0123456789", 4))
	config := func() *httpsign.SignConfig { return httpsign.NewSignConfig().SignCreated(false).SignAlg(false) }
	_, err := httpsign.NewHMACSHA256Signer(secret, config(), httpsign.Headers("@method"))
	fmt.Printf("%d bytes: %v\n", len(secret), err)

	padded := append(append([]byte{}, secret...), make([]byte, 64-len(secret))...)
	signer, err := httpsign.NewHMACSHA256Signer(padded, config(), httpsign.Headers("@method"))
	if err != nil {
		panic(err)
	}
	request, _ := http.NewRequest("GET", "https://api.example.com/", nil)
	_, signature, err := httpsign.SignRequest("sig", *signer, request)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("\"@method\": GET\n\"@signature-params\": (\"@method\")"))
	own := "sig=:" + base64.StdEncoding.EncodeToString(mac.Sum(nil)) + ":"
	fmt.Printf("padded to 64 bytes: %v, the signature of the 40 bytes: %v\n", err, signature == own)
}
GO
cat >expected <<'TEXT'
40 bytes: key must be at least 64 bytes long
padded to 64 bytes: <nil>, the signature of the 40 bytes: true
TEXT
{ go mod init finding && go get github.com/yaronf/httpsign@v0.4.2; } >install.log 2>&1 || { cat install.log; exit 2; }
go run . >actual
diff expected actual
