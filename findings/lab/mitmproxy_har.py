"""Sends requests through mitmproxy to an upstream on 127.0.0.1, and returns the entries of the HAR file that it writes."""

import http.client
import http.server
import json
import pathlib
import subprocess
import tempfile
import threading


class Upstream(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    do_DELETE = do_GET = do_POST

    def log_message(self, *_):
        pass


def record(requests):
    """The `request` of each entry, for requests given as (method, body, headers)."""
    upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        har = pathlib.Path(folder, "out.har")
        target = f"reverse:http://127.0.0.1:{upstream.server_port}"
        options = ["--mode", target, "--listen-host", "127.0.0.1", "--listen-port", "0"]
        settings = ["--set", f"confdir={folder}", "--set", f"hardump={har}", "--set", "flow_detail=0"]
        proxy = subprocess.Popen(["mitmdump", *options, *settings], stdout=subprocess.PIPE, text=True)
        port = next(int(line.rsplit(":", 1)[1].strip(" .\n")) for line in proxy.stdout if " listening at " in line)
        for method, body, headers in requests:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request(method, "/orders", body, headers)
            connection.getresponse().read()
            connection.close()
        proxy.terminate()
        proxy.communicate()
        return [entry["request"] for entry in json.loads(har.read_text())["log"]["entries"]]
