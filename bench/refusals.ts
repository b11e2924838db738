import { OPEN_VARIANTS } from "../src/api/vocabulary.ts";
import { ProjectionIndex } from "../src/policy/index/projectionIndex.ts";
import { Allowance } from "../src/verifier/allowance.ts";
import { createChecker } from "../src/verifier/checker.ts";
import { KeyMemory } from "../src/verifier/keyMemory.ts";
import { HOST, NOW, rawShape, type Sent, signedLines } from "../test/support/checks.ts";
import { application, domain, grant, settings, stored } from "../test/support/documents.ts";
import { encodeCheck } from "../test/support/envoyProtos.ts";

/** What refusals cost beside a good request of the same size: decode, decide and encode, in one process, in one run. */
const FORM = "application/x-www-form-urlencoded";
const index = new ProjectionIndex();
const schemes = { Tencent: settings({ openVariants: [...OPEN_VARIANTS] }) };
const callers = [
  application(),
  application({
    uid: "open",
    name: "open",
    applicationId: "app-open0000",
    schemes,
    keys: [{ ...keyOf(), apiAppKey: "APIDopen" }],
  }),
];
const names = callers.map(({ name }) => ({ kind: "name", name }) as const);
const apis = [{ ...grant().apis[0], paths: [{ type: "PathPrefix", value: "/" }] }] as never;
for (const document of [...callers, grant({ apis, applications: names }), domain()])
  index.upsert(stored(document));

function keyOf() {
  const [key] = application().keys;
  if (!key) throw new Error("the test document has no key");
  return key;
}

/** Runs for a quarter of a second; the median of the runs, in microseconds. */
function cost(sent: Sent, change: (authorization: string) => string = (text) => text): number {
  const lines = signedLines(sent).map(
    ([name, value]) => [name, name === "authorization" ? change(value) : value] as const,
  );
  const bytes = encodeCheck(rawShape(sent, lines));
  const times: number[] = [];
  for (const end = performance.now() + 250; performance.now() < end || times.length < 5; ) {
    // A memory of its own for each run: nothing is cheap because the key failed before.
    const check = createChecker(
      {
        index,
        memory: new KeyMemory(),
        nearMisses: new Allowance(0),
        isReady: () => true,
        now: () => NOW,
        onError: (error) => {
          throw error;
        },
      },
      { keepAuthorization: false, maxRequestBytes: 2 ** 25, errorDetail: "full" },
    );
    const began = performance.now();
    check(bytes, Number.POSITIVE_INFINITY);
    times.push((performance.now() - began) * 1_000);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

const post = (path: string, body: string | Buffer, contentType = FORM): Sent => ({
  method: "POST",
  path,
  host: HOST,
  headers: [["content-type", contentType]],
  body: Buffer.from(body),
});
const many = (count: number) =>
  Array.from({ length: count }, (_, item) => `${(item * 7_919) % 10_007}%C3%A9=v%20${item}`).join("&");
const asOpen = (text: string) => text.replace("APIDmobile", "APIDopen");
const unknown = (text: string) => text.replace("APIDmobile", "APIDnobody");

const rows: readonly (readonly [string, Sent, boolean?])[] = [
  ["GET without a query", { path: "/orders/1" }],
  ["GET with a query", { path: "/orders/1?b=2&a=1" }],
  ["POST of 1 kB JSON", post("/orders", "a".repeat(1_000), "application/json")],
  ["POST of a small form", post("/test/%C3%A9?b=2%20&a=1", "d=%20&c=4&5=1&10=%2e")],
  [
    "the same, all variants open",
    post("/test/%C3%A9?b=0%20&a=1&a=2&k=0", "d=%20&c=4&c=3&5=1&10=%2e&z=0"),
    true,
  ],
  ["POST of 998 parameters", post(`/test/%C3%A9?${many(499)}`, many(499))],
  ["the same, all variants open", post(`/test/%C3%A9?k=0&${many(499)}`, `${many(497)}&z=0`), true],
  ["POST of 9,900 parameters", post("/test/%C3%A9", many(9_900))],
  ["POST of 1 MiB JSON", post("/orders", "a".repeat(2 ** 20), "application/json")],
  ["POST of 16 MiB JSON", post("/orders", "a".repeat(2 ** 24), "application/json")],
  ["POST of 1 MiB in one form item", post("/orders", `a=${"%20".repeat(349_000)}`)],
];
cost({ path: "/warm/up" });
process.stdout.write(
  `${"microseconds, median".padEnd(34)}${["good", "unknown key", "wrong signature", "times good"].map((head) => head.padStart(17)).join("")}\n`,
);
for (const [name, sent, isOpen] of rows) {
  const good = cost(sent, isOpen ? asOpen : undefined);
  const stranger = cost(sent, unknown);
  const wrong = cost({ ...sent, secret: "wrong" }, isOpen ? asOpen : undefined);
  const cells = [good, stranger, wrong, wrong / good].map((value) => value.toFixed(1).padStart(17));
  process.stdout.write(`${name.padEnd(34)}${cells.join("")}\n`);
}
