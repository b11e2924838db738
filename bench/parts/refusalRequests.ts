import { HOST, type Sent } from "../../test/support/checks.ts";
import type { Shape } from "../lab/requests.ts";

const FORM = "application/x-www-form-urlencoded";

function post(path: string, body: string, contentType = FORM): Sent {
  return {
    method: "POST",
    path,
    host: HOST,
    headers: [["content-type", contentType]],
    body: Buffer.from(body),
  };
}

/** So many parameters in an order that has to be sorted, with escapes. */
function many(count: number): string {
  return Array.from({ length: count }, (_, item) => `${(item * 7_919) % 10_007}%C3%A9=v%20${item}`).join("&");
}

/** The dearest refusal that was found: as many parameters as are read, half of them in the query and half in the form. */
export const HOSTILE: { readonly shape: Shape; readonly target: string } = {
  shape: { method: "POST", contentType: FORM, body: Buffer.from(many(499)) },
  target: `/orders/%C3%A9?${many(499)}`,
};

/** Requests whose cost is measured in one process, and whether their Application opens every variant of signing. */
export const IN_PROCESS: readonly (readonly [name: string, sent: Sent, isOpen?: boolean])[] = [
  ["GET without a query", { path: "/orders/1" }],
  ["GET with a query", { path: "/orders/1?b=2&a=1" }],
  ["POST of 1 kB JSON", post("/orders", "a".repeat(1_000), "application/json")],
  ["POST of a small form", post("/test/%C3%A9?b=2%20&a=1", "d=%20&c=4&5=1&10=%2e")],
  [
    "POST of a small form, all variants open",
    post("/test/%C3%A9?b=0%20&a=1&a=2&k=0", "d=%20&c=4&c=3&5=1&10=%2e&z=0"),
    true,
  ],
  ["POST of 998 parameters", post(`/test/%C3%A9?${many(499)}`, many(499))],
  [
    "POST of 998 parameters, all variants open",
    post(`/test/%C3%A9?k=0&${many(499)}`, `${many(497)}&z=0`),
    true,
  ],
  ["POST of 9,900 parameters", post("/test/%C3%A9", many(9_900))],
  ["POST of 1 MiB JSON", post("/orders", "a".repeat(2 ** 20), "application/json")],
  ["POST of 16 MiB JSON", post("/orders", "a".repeat(2 ** 24), "application/json")],
  ["POST of 1 MiB in one form item", post("/orders", `a=${"%20".repeat(349_000)}`)],
];
