#!/usr/bin/env bash
# mitmproxy's HAR file has no body for a DELETE or GET that had one, although it records the size.
#
# Version   mitmproxy 11.0.2
# Guess     A proxy that records whole requests writes each body to postData, whatever the method; an entry without postData had none.
# Behaviour postData is written for POST, PUT and PATCH only. Of other methods the body is lost, and only bodySize shows that there was
#           one. A replay that takes a missing postData for "no body" checks a signature over other bytes than those that were sent.
# Output    of three requests with the same body of 9 bytes
#  | POST: bodySize 9, postData {"sku":7}
#  | DELETE: bodySize 9, no postData
#  | GET: bodySize 9, no postData
source "$(dirname "$0")/lab/lab.sh"
install_python mitmproxy==11.0.2

python - <<'END_OF_PROGRAM' | unchanged
from mitmproxy_har import record

headers = {"content-type": "application/json"}
for request in record([(method, b'{"sku":7}', headers) for method in ("POST", "DELETE", "GET")]):
    body = f"postData {request['postData']['text']}" if "postData" in request else "no postData"
    print(f"{request['method']}: bodySize {request['bodySize']}, {body}")
END_OF_PROGRAM
