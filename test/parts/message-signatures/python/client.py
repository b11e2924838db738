"""Signs and verifies requests with PyPI http-message-signatures: one JSON document on a line of standard input, the result
on a line of standard output. Jobs are described in test/support/signers.ts."""

import base64
import json
import sys

from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver, algorithms

ALGORITHMS = {
    "hmac-sha256": algorithms.HMAC_SHA256,
    "ed25519": algorithms.ED25519,
    "ecdsa-p256-sha256": algorithms.ECDSA_P256_SHA256,
}


class Message:
    """What the library needs of a request."""

    def __init__(self, job):
        self.method, self.url = job["method"], job["url"]
        self.headers = dict(job["headers"])


def signed(job):
    message, body = Message(job), base64.b64decode(job["body"])
    resolver = MappingKeyResolver(public_keys={}, private_keys={job["keyId"]: job["key"].encode()})
    HTTPMessageSigner(signature_algorithm=ALGORITHMS[job["algorithm"]], key_resolver=resolver).sign(
        message,
        key_id=job["keyId"],
        covered_component_ids=[name for name in job["components"] if name != "content-digest"],
        body=body or None,
        nonce=job.get("nonce"),
    )
    return {"headers": list(message.headers.items())}


def verified(job):
    resolver = MappingKeyResolver(public_keys={job["keyId"]: job["key"].encode()}, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=ALGORITHMS[job["algorithm"]], key_resolver=resolver)
    results = verifier.verify(
        Message(job), require_components=job["components"], body=base64.b64decode(job["body"]) or None
    )
    return {"verified": len(results) == 1}


for line in sys.stdin:
    job = json.loads(line)
    try:
        result = verified(job) if job["do"] == "verify" else signed(job)
    except Exception as error:  # the test shows what the library reports
        result = {"error": repr(error)}
    print(json.dumps(result), flush=True)
