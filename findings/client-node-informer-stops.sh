#!/usr/bin/env bash
# An informer of @kubernetes/client-node stops for good when the API server replies once with 500, or resets one watch.
#
# Version   @kubernetes/client-node 2.0.1 on Node 24.21.0
# Guess     An informer goes on by itself after a failure, as client-go's does; `start()` rejects if the first list fails.
# Behaviour It emits one `error` event and makes no further request. `start()` resolves even when the first list got the 500. Whoever
#           does not start it again in an `error` handler keeps a cache that never changes again. A watch that the server ends in the
#           regular way is followed by the next one.
# Output    the requests that the server gets until 5 s after the failure (or until the third watch), and the number of errors
#  | list gets 500: list; errors: 1; start() resolved
#  | watch gets 500: list, watch; errors: 1; start() resolved
#  | watch is reset: list, watch; errors: 1; start() resolved
#  | watches end: list, watch, watch, watch; errors: 0; start() resolved
source "$(dirname "$0")/lab/lab.sh"
case $(uname -m) in aarch64 | arm64) architecture=arm64 ;; *) architecture=x64 ;; esac
node_package=node-linux-$architecture
install_npm @kubernetes/client-node@2.0.1 "$node_package@24.21.0"

cat >"$work/informer.mjs" <<'END_OF_PROGRAM'
import { once } from "node:events";
import http from "node:http";
import { CoreV1Api, KubeConfig, makeInformer } from "@kubernetes/client-node";

const LIST = JSON.stringify({ kind: "SecretList", apiVersion: "v1", metadata: { resourceVersion: "5" }, items: [] });
const QUIET_MS = 5_000;
const cases = {
  "list gets 500": { list: (reply) => fail(reply) },
  "watch gets 500": { watch: (reply) => fail(reply) },
  "watch is reset": { watch: (reply) => { reply.flushHeaders(); setTimeout(() => reply.destroy(), 100); } },
  "watches end": {},
};

function fail(reply) {
  reply.writeHead(500, { "content-type": "application/json" }).end('{"kind":"Status","code":500}');
}

for (const [name, { list, watch }] of Object.entries(cases)) {
  const asked = [];
  const server = http.createServer((request, reply) => {
    const isWatch = request.url.includes("watch=true");
    const failure = isWatch ? watch : list;
    const isFirst = !asked.includes(isWatch ? "watch" : "list");
    asked.push(isWatch ? "watch" : "list");
    if (asked.filter((kind) => kind === "watch").length === 3) server.emit("third watch");
    if (failure && isFirst) return failure(reply);
    if (!isWatch) return reply.writeHead(200, { "content-type": "application/json" }).end(LIST);
    reply.flushHeaders();
    setTimeout(() => reply.end(), 200);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: "c", server: `http://127.0.0.1:${server.address().port}`, skipTLSVerify: true }, { name: "u" });
  const api = config.makeApiClient(CoreV1Api);
  const path = "/api/v1/namespaces/default/secrets";
  const informer = makeInformer(config, path, () => api.listNamespacedSecret({ namespace: "default" }));
  let errors = 0;
  const failed = new Promise((resolve) => informer.on("error", () => { errors += 1; resolve(); }));
  const started = await informer.start().then(() => "resolved", () => "rejected");
  await (list || watch ? failed.then(() => new Promise((resolve) => setTimeout(resolve, QUIET_MS))) : once(server, "third watch"));
  const requests = asked.slice(0, 4).join(", ");
  await informer.stop();
  server.closeAllConnections();
  server.close();
  console.log(`${name}: ${requests}; errors: ${errors}; start() ${started}`);
}
process.exit(0);
END_OF_PROGRAM
(cd "$work" && "node_modules/$node_package/bin/node" informer.mjs) | unchanged
