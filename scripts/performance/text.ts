/** The text of docs/performance.md before and after the figures. */
export const BEFORE_TABLES = `# Performance
Every figure here comes from one run of \`npm run bench\`, which anybody can repeat: this page, its plots and its tables are made from
[performance.json](performance.json) by \`npm run generate\`. Compare the ratios with those of another machine, not the figures.

## Method
- **The reference** is \`bench/reference\`, the ext_authz server that a Go developer would write: grpc-go and go-control-plane, decodes the
  whole CheckRequest, looks the id up in a map of 10,000, computes one HMAC-SHA1 over a simple string to sign, and MD5 of a body, answers with
  one header. It has no grants, key rotation, variants of signing, metrics or explanations, so it is a bound to measure against, not a rival.
- **The same requests** go to both: signed with hmac-sha1 by 1,000 callers in turn, encoded as Envoy encodes them with the configuration of
  \`countersign envoy-config\` (17 headers or more). Every verdict is read; one that is not the expected one fails the run.
- **One core each.** Server and load generator are pinned to different cores (\`taskset\`), the reference has \`GOMAXPROCS=1\`. Envoy, where it
  takes part, has one worker and shares the load's core.
- **As the image starts it.** Node has the flags and environment variables that the Dockerfile gives it, and a compile cache that was filled
  as the one in the image.
- **Closed loop** (throughput): 8 connections with 32 calls in flight each; for 1 MiB 2 with 2. **Open loop** (latency): each call has an
  instant at which it is due, whatever became of the calls before it, and its latency counts from there. A server that stalls is charged for
  every call that should have been sent meanwhile.
- **In turn.** Servers run A B A B …, for a second or two each; figures are medians of the rounds, ratios the median of the rounds' ratios.
- **Throughput or CPU time.** A server that used less than 0.9 of its core was kept from it by other programs on the machine, or had too little
  load. The share of the reference is then that of CPU time per call (\`utime\` and \`stime\` of /proc), which others change less. The goals name
  which of the two they are judged by, and what the other would have been.
- **The world**: for each 100 Applications a namespace, an ApiDomain and an ApiGrant that names them. The verifier reads it from a real
  kube-apiserver; the projections are written into etcd directly, where nothing about writing them is measured.
- **Scale**: each world has as many callers as Applications, up to 10,000, spread over all.
- **Propagation and the operator** run as in a cluster, nothing pinned: kube-apiserver, etcd (without fsync), operator, verifier and Envoy share
  the machine with the callers. An edit counts from the API server's answer to it, which may come after the changed verdict (0 then); the note
  has the time from sending, which includes what the API server takes to accept it.
- **A bare client** is the bound for the operator (\`operator / floor\`): on an API server of its own it creates the same Applications, and writes one
  Secret and one status for each, with as many requests in flight, and nothing else: no finalizer, projection, watch or verifier. The note of G11
  has the ratio. It is the better figure on a machine where the API server shares its cores.
- **Refusals in one process** (\`refusals / in process\`) are decoding, decision and encoding without the gRPC transport.
`;

export const AFTER_TABLES = `## The operator beside a bare client
Runs of \`npm run bench -- operator\` on 2026-11-28, on two cores that other programs used too: with all 10,000 Applications and a bare client, and once with 30,000
(100,000 were not run: at that rate they take three quarters of an hour).

| | 10,000 | bare client | 30,000 |
|---|---|---|---|
| until the last one is done | 220 s | 86 s | 792 s |
| CPU time of API server and etcd per Application | 15.9 ms | 7.31 ms | 18 ms |
| CPU time of the operator per Application | 2.74 ms | | 3.6 ms |
| requests per Application, its creation included | 5 writes, 1 read | 3 writes | 5 writes, 1 read |
| memory of the operator | 238 MiB | | 409 MiB |
| restart: until all are reconciled | 6.6 s | | 22 s |
| restart: CPU time, memory | 4 s, 218 MiB | | 9.2 s, 420 MiB |
| restart: writes | 0 | | 0 |
| reconciles after a change of one | 1 | | 1 |

The bare client alone costs this API server 73 s of CPU time, so 30 s for G11 would take three cores or more, whatever the operator does. On a machine like this
one the ratio counts: 2.5. [tuning.md](tuning.md#many-applications-at-once) lists what each request costs, and what it is for.

## Where the time goes
For the goals that are not at their aim, from CPU profiles of Node and of perf on 2026-11-29 and 30, on this machine or a slower one, unless another source is named. Shares are of the time
in which the process did not wait.

| goal | where time or memory goes |
|---|---|
| G1b, \`grpc-js\` | JavaScript of Node (http2, streams, ticks) 39 %, grpc-js and Countersign 32 %, garbage collection 10 %, native code the rest |
| G3a, G3b | memory. What 10 callers need is in the core's own cache (1 MiB), what 1,000 need is not: 0.7 µs of 8 µs of a Check in one process without a transport, for some 20 lines of each caller. With 100,000 Applications 0.6 µs more, for the look-up of a key in a larger table, and for the domain, paths and grant of 1,000 hosts, each called ten times in turn; 3.5 µs where each call is of another host. And a collection of new objects visits each page of the old space: 1.3 ms with the 4,600 that standalone has after its first start, 0.4 with the 450 of 10,000 Applications; a Check leaves 5.6 KB for it. To write the caller into the reply costs nothing more; to read a caller's objects ahead all at once, and to keep the hash of a key beside its value, was no faster |
| G4a, G4b | an unknown key costs the transport and the reading of the request, which a good request needs too. The most hostile request has 998 parameters in 17 kB. After 20 failures of its key it is written in its likely variant alone: a fifth of its time is to decode the parameters, a third to sort them, 7 % to write them, 4 % the HMAC |
| G6 | Envoy, whose core is busy to 95 % while the verifier uses a third of its own. Replies name the caller in headers and metadata and remove the credentials; with the one header that the reference sets, the same verifier reached 0.97 instead of 0.87 |
| G7b | one connection takes the whole core for 16 MiB bodies. Small requests wait for reads of it, 32 times 64 KiB in a turn at most, and for steps of 256 KiB of its MD5 |
| G9a | 146 to 153 MiB in six processes of commit a327e33; since then the program is in parts, and a verifier holds 7 MiB less. Of them 52 are Node's own program text, 38 V8's old space, 26 to 32 the pool of malloc, 8 the space for new objects, the rest code, buffers and stacks. While bodies of 16 MiB arrive it holds 37 MiB more |
| G10a | of 0.7 s, on this machine: 0.15 s without any Application (Node 0.03, modules and ports the rest), 0.1 s for two garbage collections before it serves, 0.1 s for those on the way, 0.06 s to read the response from the socket; the rest decodes 10,000 projections (0.15 s) and fills the index (0.09 s). The core is idle for 0.03 s: to decode the list while it arrives was no faster |
| G10b, G10d | 4 durable writes and 6 plans for each Application, which leave 250 KB of garbage: 220 small collections of 3.5 ms with 10,000. With 100,000: garbage collection a fifth (2,100 small ones of 4.6 ms, 7 full ones of up to 1.3 s), look-ups in Maps that do not fit the caches a sixth, SQLite 4 to 6 %, credentials files 5 %; the rest is flat. On ext4 a first start with 10,000 takes 2.5 s longer if as many files were deleted within the minute before |
| G10c | files and state 40 %, reconciling 20 to 25 %, garbage collection 15 to 20 %: half of it full ones, two of them right before it serves |
| G8, G11 | the API server: [tuning.md](tuning.md#many-applications-at-once) has the price of each request |

## What the figures do not show
- TLS: the gRPC port is plaintext here, on loopback. mTLS between Envoy and the verifier encrypts on both sides; the connections are kept, so
  handshakes do not count.
- A network: verifier and Envoy talk over loopback. A verifier on another node adds the network's own latency to each request.
- More than one core: one verifier process uses one. Several behind one Envoy are not measured; each has its own index and its own callers'
  state, and none waits for another.
- Other worlds: grants with HTTPRoutes, label selectors or thousands of paths, open variants of signing beyond \`refusals\`, and Applications
  that rotate while they are called.
- The first request of a caller, which costs more than the next ones; rounds begin after a warm-up.
- What etcd's fsync and the network of a real control plane add to propagation and to the operator's work.
- Anything below the spread: on a shared machine, a difference within the spread is no difference.
`;
