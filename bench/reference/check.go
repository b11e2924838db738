package main

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"strings"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	envoytype "github.com/envoyproxy/go-control-plane/envoy/type/v3"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
)

const formType = "application/x-www-form-urlencoded"

type authorizer struct {
	auth.UnimplementedAuthorizationServer
	secrets map[string][]byte
}

// Check allows a request whose signature is that of a known caller, and adds one header with the caller's id. The header has one of the
// names that the Envoy configuration of Countersign lets a verifier set.
func (a *authorizer) Check(_ context.Context, request *auth.CheckRequest) (*auth.CheckResponse, error) {
	http := request.GetAttributes().GetRequest().GetHttp()
	headers := headersOf(http)
	id, signature := credentials(headers["authorization"])
	secret, known := a.secrets[id]
	if !known {
		return denied("unknown id"), nil
	}
	mac := hmac.New(sha1.New, secret)
	mac.Write([]byte(stringToSign(http, headers)))
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(mac.Sum(nil), given) {
		return denied("wrong signature"), nil
	}
	return allowed(id), nil
}

// headersOf returns the header lines by name, from whichever of its two shapes Envoy was told to send.
func headersOf(http *auth.AttributeContext_HttpRequest) map[string]string {
	lines := http.GetHeaderMap().GetHeaders()
	if len(lines) == 0 {
		return http.GetHeaders()
	}
	headers := make(map[string]string, len(lines))
	for _, line := range lines {
		if raw := line.GetRawValue(); len(raw) > 0 {
			headers[line.GetKey()] = string(raw)
		} else {
			headers[line.GetKey()] = line.GetValue()
		}
	}
	return headers
}

// credentials returns the id and the signature of an Authorization header.
func credentials(authorization string) (id, signature string) {
	parameters, found := strings.CutPrefix(authorization, "hmac ")
	if !found {
		return "", ""
	}
	for _, parameter := range strings.Split(parameters, ", ") {
		name, value, _ := strings.Cut(parameter, "=")
		switch name {
		case "id":
			id = strings.Trim(value, `"`)
		case "signature":
			signature = strings.Trim(value, `"`)
		}
	}
	return id, signature
}

// stringToSign covers the date, the method, two headers, the body and the path. The parameters of a form stand behind the path as they
// were sent: a caller of the benchmark sends them in the order in which they are signed.
func stringToSign(http *auth.AttributeContext_HttpRequest, headers map[string]string) string {
	target, digest := headers[":path"], ""
	body := http.GetRawBody()
	if len(body) > 0 && headers["content-type"] == formType {
		target += "?" + string(body)
	} else if len(body) > 0 {
		sum := md5.Sum(body)
		digest = base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(sum[:])))
	}
	return strings.Join([]string{
		"x-date: " + headers["x-date"],
		headers[":method"],
		headers["accept"],
		headers["content-type"],
		digest,
		target,
	}, "\n")
}

func allowed(id string) *auth.CheckResponse {
	header := &core.HeaderValueOption{Header: &core.HeaderValue{Key: "x-countersign-application-id", Value: id}}
	return &auth.CheckResponse{
		Status: &status.Status{Code: int32(codes.OK)},
		HttpResponse: &auth.CheckResponse_OkResponse{
			OkResponse: &auth.OkHttpResponse{Headers: []*core.HeaderValueOption{header}},
		},
	}
}

func denied(reason string) *auth.CheckResponse {
	return &auth.CheckResponse{
		Status: &status.Status{Code: int32(codes.Unauthenticated), Message: reason},
		HttpResponse: &auth.CheckResponse_DeniedResponse{
			DeniedResponse: &auth.DeniedHttpResponse{
				Status: &envoytype.HttpStatus{Code: envoytype.StatusCode_Unauthorized},
			},
		},
	}
}
