// Signs and verifies requests with github.com/yaronf/httpsign: one JSON document on a line of standard input, the result on
// a line of standard output. Jobs are described in test/support/signers.ts.
package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"

	"github.com/yaronf/httpsign"
)

type job struct {
	Do         string      `json:"do"`
	Method     string      `json:"method"`
	URL        string      `json:"url"`
	Headers    [][2]string `json:"headers"`
	Body       string      `json:"body"`
	Algorithm  string      `json:"algorithm"`
	KeyID      string      `json:"keyId"`
	Key        string      `json:"key"`
	Components []string    `json:"components"`
	Nonce      string      `json:"nonce"`
}

type result struct {
	Headers  [][2]string `json:"headers,omitempty"`
	Verified bool        `json:"verified,omitempty"`
	Error    string      `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one job
		done := result{}
		err := json.Unmarshal(lines.Bytes(), &one)
		if err == nil {
			done, err = one.run()
		}
		if err != nil {
			done = result{Error: err.Error()}
		}
		text, _ := json.Marshal(done)
		fmt.Println(string(text))
	}
}

func (j job) run() (result, error) {
	body, err := base64.StdEncoding.DecodeString(j.Body)
	if err != nil {
		return result{}, err
	}
	request, err := http.NewRequest(j.Method, j.URL, bytes.NewReader(body))
	if err != nil {
		return result{}, err
	}
	for _, header := range j.Headers {
		request.Header.Add(header[0], header[1])
	}
	if j.Do == "verify" {
		return j.verified(request)
	}
	return j.signed(request, body)
}

func (j job) signed(request *http.Request, body []byte) (result, error) {
	if len(body) > 0 {
		digest, err := httpsign.GenerateContentDigestHeader(&request.Body, []string{httpsign.DigestSha256})
		if err != nil {
			return result{}, err
		}
		request.Header.Set("Content-Digest", digest)
	}
	config := httpsign.NewSignConfig().SetKeyID(j.KeyID)
	if j.Nonce != "" {
		config = config.SetNonce(j.Nonce)
	}
	signer, err := j.signer(config)
	if err != nil {
		return result{}, err
	}
	input, signature, err := httpsign.SignRequest("sig1", *signer, request)
	if err != nil {
		return result{}, err
	}
	found := result{Headers: append([][2]string{}, j.Headers...)}
	if digest := request.Header.Get("Content-Digest"); digest != "" {
		found.Headers = append(found.Headers, [2]string{"Content-Digest", digest})
	}
	found.Headers = append(found.Headers, [2]string{"Signature-Input", input}, [2]string{"Signature", signature})
	return found, nil
}

func (j job) signer(config *httpsign.SignConfig) (*httpsign.Signer, error) {
	fields := httpsign.Headers(j.Components...)
	if j.Algorithm == "hmac-sha256" {
		return httpsign.NewHMACSHA256Signer(padded(j.Key), config, fields)
	}
	block, _ := pem.Decode([]byte(j.Key))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	if j.Algorithm == "ed25519" {
		return httpsign.NewEd25519Signer(key.(ed25519.PrivateKey), config, fields)
	}
	return httpsign.NewP256Signer(*key.(*ecdsa.PrivateKey), config, fields)
}

func (j job) verified(request *http.Request) (result, error) {
	verifier, err := j.verifier(httpsign.NewVerifyConfig().SetKeyID(j.KeyID))
	if err != nil {
		return result{}, err
	}
	if err := httpsign.VerifyRequest("sig1", *verifier, request); err != nil {
		return result{}, err
	}
	return result{Verified: true}, nil
}

func (j job) verifier(config *httpsign.VerifyConfig) (*httpsign.Verifier, error) {
	fields := httpsign.Headers(j.Components...)
	if j.Algorithm == "hmac-sha256" {
		return httpsign.NewHMACSHA256Verifier(padded(j.Key), config, fields)
	}
	block, _ := pem.Decode([]byte(j.Key))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	if j.Algorithm == "ed25519" {
		return httpsign.NewEd25519Verifier(key.(ed25519.PublicKey), config, fields)
	}
	return httpsign.NewP256Verifier(*key.(*ecdsa.PublicKey), config, fields)
}

// The library takes no HMAC key of less than 64 bytes. HMAC itself pads a shorter one with zero bytes to that length
// (RFC 2104), so the padded key makes the same signatures.
func padded(secret string) []byte {
	return append([]byte(secret), make([]byte, max(0, 64-len(secret)))...)
}
