"""The management API of the vendor's gateway for one application, over TLS on 127.0.0.1; `tccli ARGS…` is run against it.

Prints what tccli prints and its exit status. The certificate is added to the certifi of the environment that this runs in.
"""

import http.server
import json
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading

import certifi

ANSWER = {
    "Response": {
        "Result": {
            "TotalCount": 1,
            "ApiAppSet": [
                {
                    "ApiAppId": "app-00000001",
                    "ApiAppName": "mobile",
                    "ApiAppKey": "APIDexampleexampleexample",
                    "ApiAppSecret": "an-example-of-a-secret",
                    "CreatedTime": "2020-12-01T10:44:55Z",
                    "ModifiedTime": "2020-12-01T10:44:55Z",
                    "Tags": [{"Key": "team", "Value": "shop"}],
                }
            ],
        },
        "RequestId": "98f5e9a5-0000-0000-0000-000000000000",
    }
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps(ANSWER).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def certificate(folder):
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [*command.split(), "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    with pathlib.Path(certifi.where()).open("a") as trusted:
        trusted.write((folder / "cert.pem").read_text())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def main():
    with tempfile.TemporaryDirectory() as name:
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        server.socket = certificate(pathlib.Path(name)).wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        account = ["--secretId", "AKIDexample", "--secretKey", "example", "--region", "ap-guangzhou"]
        command = ["tccli", "apigateway", *sys.argv[1:], *account, "--endpoint", f"127.0.0.1:{server.server_port}"]
        run = subprocess.run(command, env={**os.environ, "HOME": name}, capture_output=True, text=True, check=False)
        print(run.stdout, end="")
        print(f"exit status {run.returncode}, {len(run.stdout)} bytes on standard output")


main()
