#!/usr/bin/env bash
# An Auth object of PyPI tencentcloud-apigateway-authorization signs one request. From the second one on the signature is wrong.
#
# Version   tencentcloud-apigateway-authorization 0.1.0, a signer for the key-pair scheme of Tencent Cloud API Gateway: the named
#           headers are signed, not method, path and body
# Guess     generateHeaders() can be called for each request, since it sets a new date each time.
# Behaviour The object keeps the Authorization header of the first call among its headers. The second call lists and signs that
#           old value, and then sends another one in its place, so that no server can verify it. Both calls return the same
#           dictionary. The signed date is in `Date`; the package sends no `X-Date`.
# Output    of each call: the list of signed headers, and whether the signature is that of the headers that are sent
#  | call 1: headers="date", signature of what is sent: True
#  | call 2: headers="date authorization", signature of what is sent: False
#  | call 3: headers="date authorization", signature of what is sent: False
#  | one dictionary: True; names: Date, Authorization
# Use       Make a new object for each request.
source "$(dirname "$0")/lab/lab.sh"
install_python tencentcloud-apigateway-authorization==0.1.0

python -W ignore - <<'END_OF_PROGRAM' | unchanged
import base64
import hashlib
import hmac
import re

from apigateway import Auth

SECRET = "an-example-of-a-secret"
auth = Auth("AKIDexampleexampleexample", SECRET)
results = []
for call in (1, 2, 3):
    headers = auth.generateHeaders()
    results.append(headers)
    parameters = dict(re.findall(r'(\w+)="([^"]*)"', headers["Authorization"]))
    sent = {name.lower(): value for name, value in headers.items()}
    text = "\n".join(f"{name}: {sent[name]}" for name in parameters["headers"].split())
    digest = hmac.new(SECRET.encode(), text.encode(), hashlib.sha1).digest()
    matches = base64.b64encode(digest).decode() == parameters["signature"]
    print(f'call {call}: headers="{parameters["headers"]}", signature of what is sent: {matches}')
print(f"one dictionary: {results[0] is results[2]}; names: {', '.join(results[0])}")
END_OF_PROGRAM
