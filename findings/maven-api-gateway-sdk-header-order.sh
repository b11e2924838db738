#!/usr/bin/env bash
# Maven com.aliyun.api.gateway:sdk-core-java lists its signed headers in another order than that in which it signs them.
#
# Version   com.aliyun.api.gateway:sdk-core-java 1.1.7, the vendor's client of Alibaba Cloud API Gateway
# Guess     The lines `name:value` of the string to sign are in the order of X-Ca-Signature-Headers, which is there to say what was
#           signed. Clients for Node, Python and Go agree with that, since they sort the list.
# Behaviour The list is unsorted, and the lines are sorted by name.
# Output    the list, and for both orders of the lines whether the signature is that of the string
#  | x-ca-nonce,x-ca-timestamp,x-ca-key,x-ca-signature-method
#  | lines in the order of the list: False
#  | lines sorted by name:           True
# Use       Sort the lines by name.
#
# Needs a JDK and Maven with its registry.
source "$(dirname "$0")/lab/lab.sh"
cat >"$work/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.aliyun.api.gateway</groupId><artifactId>sdk-core-java</artifactId><version>1.1.7</version></dependency>
  </dependencies>
</project>
XML
(cd "$work" && mvn --quiet --batch-mode dependency:copy-dependencies -DoutputDirectory=lib >maven.log 2>&1) || { cat "$work/maven.log" >&2; exit 2; }
cat >"$work/Send.java" <<'JAVA'
import com.alibaba.cloudapi.sdk.client.ApacheHttpClient;
import com.alibaba.cloudapi.sdk.enums.HttpMethod;
import com.alibaba.cloudapi.sdk.enums.Scheme;
import com.alibaba.cloudapi.sdk.model.ApiRequest;
import com.alibaba.cloudapi.sdk.model.HttpClientBuilderParams;

public class Send extends ApacheHttpClient {
  public static void main(String[] args) {
    HttpClientBuilderParams params = new HttpClientBuilderParams();
    params.setAppKey("203753385");
    params.setAppSecret("an-example-of-a-secret");
    params.setHost("127.0.0.1:" + args[0]);
    params.setScheme(Scheme.HTTP);
    Send client = new Send();
    client.init(params);
    client.sendSyncRequest(new ApiRequest(HttpMethod.GET, "/orders"));
    System.exit(0);
  }
}
JAVA
javac -cp "$work/lib/*" "$work/Send.java"

python3 - "$work" <<'END_OF_PROGRAM' | unchanged
import base64
import hashlib
import hmac
import http.server
import subprocess
import sys


class Recorder(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        names = self.headers["x-ca-signature-headers"].split(",")
        print(self.headers["x-ca-signature-headers"])
        for label, order in (("in the order of the list:", names), ("sorted by name:", sorted(names))):
            fields = [self.command, *(self.headers[name] or "" for name in ("accept", "content-md5", "content-type", "date"))]
            text = "\n".join(fields + [f"{name}:{self.headers[name]}" for name in order] + [self.path])
            digest = hmac.new(b"an-example-of-a-secret", text.encode(), hashlib.sha256).digest()
            print(f"lines {label:25} {base64.b64encode(digest).decode() == self.headers['x-ca-signature']}")
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        pass


with http.server.HTTPServer(("127.0.0.1", 0), Recorder) as server:
    command = ["java", "-cp", "lib/*:.", "Send", str(server.server_port)]
    client = subprocess.Popen(command, cwd=sys.argv[1], stderr=subprocess.DEVNULL)
    server.handle_request()
    client.wait()
END_OF_PROGRAM
