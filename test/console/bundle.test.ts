import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { PAGES } from "../../scripts/consolePages.ts";

const LIMIT = 150 * 1_024;

test("the pages have less than 150 KiB, compressed", () => {
  const files = readdirSync(PAGES, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  expect(files.map(({ name }) => name)).toContain("index.html");
  const sizes = files.map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(LIMIT);
});

test("the pages name no other server", () => {
  const files = readdirSync(PAGES, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const text = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")).join("\n");
  const hosts = new Set([...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host));
  // The names of XML's namespaces are no addresses, and the texts show what to type: an address of one's own API or verifier.
  const shown = ["www.w3.org", "api.example.com", "127.0.0.1"];
  expect([...hosts].filter((host) => !shown.includes(host ?? ""))).toEqual([]);
});
