#!/usr/bin/env bash
# A server of @grpc/grpc-js leaves kilobytes of each call in V8's old space if a connection carries 32 calls at a time, and hardly any if it carries 4.
#
# Version   @grpc/grpc-js 1.14.7 on Node 24.21.0, channelz off
# Guess     A call of a few milliseconds is garbage that the next collection of new objects frees, however many calls share a connection.
# Behaviour With many calls at a time, some 4 KiB of the 15 that a call makes move to the old space and stay until V8 collects everything,
#           and a collection of new objects takes several times as long. V8's making of such objects in the old space at once
#           (pretenuring) is one cause, but not the only one: without it some 3 KiB still stay.
# Output    what a call leaves in the old space, in a closed loop of one client
#  | 32 calls at a time: more than 2 KiB
#  | 32 calls at a time, no pretenuring: more than 2 KiB
#  | 4 calls at a time: less than 1 KiB
source "$(dirname "$0")/lab/lab.sh"
case $(uname -m) in aarch64 | arm64) architecture=arm64 ;; *) architecture=x64 ;; esac
node_package=node-linux-$architecture
install_npm @grpc/grpc-js@1.14.7 "$node_package@24.21.0"

cat >"$work/server.mjs" <<'END_OF_PROGRAM'
import { Server, ServerCredentials } from "@grpc/grpc-js";

const bytes = (value) => value;
const Echo = { path: "/test.Test/Echo", requestStream: false, responseStream: false, requestSerialize: bytes, requestDeserialize: bytes, responseSerialize: bytes, responseDeserialize: bytes };
const server = new Server({ "grpc.enable_channelz": 0 });
server.addService({ Echo }, { Echo: (call, reply) => reply(null, call.request) });
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_, port) => process.send(port));
process.on("disconnect", () => process.exit(0));
END_OF_PROGRAM

cat >"$work/calls.mjs" <<'END_OF_PROGRAM'
import { fork } from "node:child_process";
import { once } from "node:events";
import { Client, credentials } from "@grpc/grpc-js";

const CALLS = 20_000;
const bytes = (value) => value;
const message = Buffer.alloc(500);

/** What V8 reports of its collections in the server, during calls after as many others. */
async function traceOf(together, flags) {
  const execArgv = ["--trace-gc", "--max-semi-space-size=16", ...flags];
  const server = fork(new URL("server.mjs", import.meta.url), { execArgv, stdio: ["ignore", "pipe", "inherit", "ipc"] });
  let trace = "";
  server.stdout.on("data", (text) => { trace += text; });
  const ended = Promise.all([once(server, "exit"), once(server.stdout, "end")]);
  const [port] = await once(server, "message");
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const call = () => new Promise((resolve, reject) => {
    client.makeUnaryRequest("/test.Test/Echo", bytes, bytes, message, (error) => (error ? reject(error) : resolve()));
  });
  const send = async () => {
    let left = CALLS;
    await Promise.all(Array.from({ length: together }, async () => { while (left-- > 0) await call(); }));
  };
  await send();
  trace = "";
  await send();
  client.close();
  server.disconnect();
  await ended;
  return trace;
}

/** By how many KiB a call makes the heap grow from one collection of new objects to the next, where V8 did not collect everything between. */
function kibPerCall(trace) {
  let [grown, before] = [0, undefined];
  for (const [, kind, after] of trace.matchAll(/: (Scavenge|Mark-Compact)[^>]*-> ([\d.]+) /g)) {
    if (kind === "Scavenge" && before !== undefined) grown += after - before;
    before = kind === "Scavenge" ? Number(after) : undefined;
  }
  return (grown * 1024) / CALLS;
}

for (const [together, what, flags] of [[32, "", []], [32, ", no pretenuring", ["--no-allocation-site-pretenuring"]], [4, "", []]]) {
  const kib = kibPerCall(await traceOf(together, flags));
  console.error(`${together}${what}: ${kib.toFixed(2)} KiB`);
  const size = kib > 2 ? "more than 2" : kib < 1 ? "less than 1" : kib.toFixed(2);
  console.log(`${together} calls at a time${what}: ${size} KiB`);
}
END_OF_PROGRAM
(cd "$work" && "node_modules/$node_package/bin/node" calls.mjs) | unchanged
