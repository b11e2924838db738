#!/usr/bin/env bash
# mitmproxy's HAR file has the decompressed text of a compressed request body, its decompressed size, and says that it is gzip.
#
# Version   mitmproxy 11.0.2
# Guess     A request body in a HAR file is what was sent: HAR 1.2 has a decompressed form with its own field, content.compression,
#           for responses only.
# Behaviour postData.text and bodySize are those of the decompressed text, while the header content-encoding: gzip stays. Neither the
#           bytes nor their number can be had back (gzip has many encodings of one text), so a digest over the sent bytes, such as
#           Content-MD5, can be neither checked nor computed from the file.
# Output    of a request whose body is 64 times "a" in gzip
#  | sent 24 bytes, content-encoding gzip
#  | recorded bodySize 64, text of 64 characters, content-encoding gzip
source "$(dirname "$0")/lab/lab.sh"
install_python mitmproxy==11.0.2

python - <<'END_OF_PROGRAM' | unchanged
import gzip

from mitmproxy_har import record

body = gzip.compress(b"a" * 64, mtime=0)
[request] = record([("POST", body, {"content-type": "text/plain", "content-encoding": "gzip"})])
[encoding] = [header["value"] for header in request["headers"] if header["name"].lower() == "content-encoding"]
print(f"sent {len(body)} bytes, content-encoding gzip")
size, text = request["bodySize"], request["postData"]["text"]
print(f"recorded bodySize {size}, text of {len(text)} characters, content-encoding {encoding}")
END_OF_PROGRAM
