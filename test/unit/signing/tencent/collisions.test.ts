import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { acceptedStrings, Collisions, FORM, meaning, type Shape, texts } from "./meaning.ts";

const SETTINGS = ["Auto", "Decoded", "AsSent", "Either"] as const;
const CONTENT_TYPES = [FORM, `${FORM};c`];
const ITEMS = ["a", "=", "&", "?", "+", "%20", "%2B", "%25", "%26", "%3D", "%3F", "2B"];
const PATHS = ["a", "r", "t", "/", "&", "=", "%61", "%72", "%3F", "%26", "%2F", "%25", "+", ";"];

describe("P7: no two requests of different meanings share an accepted string", () => {
  test.each(SETTINGS)("over all small queries and forms, under %s", (setting) => {
    const collisions = new Collisions(setting);
    for (let length = 0; length <= 2; length += 1)
      for (const query of [undefined, ...texts(ITEMS, length)])
        for (const body of texts(ITEMS, 2 - length))
          for (const contentType of CONTENT_TYPES) collisions.add({ path: "/x", query, body, contentType });
    expect(collisions.found).toEqual([]);
    expect(collisions.size).toBeGreaterThan(500);
  });

  test.each(SETTINGS)("over all small paths, under %s", (setting) => {
    const collisions = new Collisions(setting);
    for (const path of texts(PATHS, 2))
      for (const query of [undefined, "", "a=1"])
        for (const body of ["", "a=1", "r=1", "&"])
          for (const contentType of [FORM, "text/plain"])
            collisions.add({ path: `/${path}`, query, body, contentType });
    expect(collisions.found).toEqual([]);
  });

  test.each(SETTINGS)("when an accepted string is cut in every other way, under %s", (setting) => {
    fc.assert(
      fc.property(shapes(), (shape) => {
        for (const text of acceptedStrings(shape, setting)) {
          const target = text.split("\n").slice(5).join("\n");
          for (const twin of cuts(target, shape)) {
            if (meaning(twin, setting) === meaning(shape, setting)) continue;
            if (acceptedStrings(twin, setting).includes(text))
              throw new Error(`${JSON.stringify(shape)} and ${JSON.stringify(twin)} share ${text}`);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

function shapes(): fc.Arbitrary<Shape> {
  const words = (tokens: readonly string[], maxLength: number) =>
    fc.array(fc.constantFrom(...tokens), { maxLength }).map((parts) => parts.join(""));
  const items = words([...ITEMS, "b", "1", "a=1", "&b=2"], 6);
  const body = { path: words(PATHS, 5).map((path) => `/${path}`), query: fc.option(items), body: items };
  const md5 = fc.boolean();
  return fc
    .record({ ...body, md5, contentType: fc.constantFrom(...CONTENT_TYPES, "text/plain") })
    .map(({ query, md5: sent, ...shape }) => ({
      ...shape,
      query: query ?? undefined,
      ...(sent ? { md5: createHash("md5").update(shape.body, "latin1").digest("hex") } : {}),
    }));
}

/** Requests whose path, query and form are consecutive pieces of a signed text, as they are or escaped once more. */
function* cuts(target: string, { contentType, body }: Shape): Generator<Shape> {
  const escaped = (text: string) =>
    text.replace(/%/g, "%25").replace(/\+/g, "%2B").replace(/\?/g, "%3F").replace(/ /g, "+");
  const seams = [...target.matchAll(/[?&]/g)].map(({ index }) => index);
  for (const first of [...seams, target.length])
    for (const second of [...seams.filter((seam) => seam > first), target.length]) {
      const path = target.slice(0, first) || "/";
      if (path.includes("?")) continue;
      const query = first < target.length ? target.slice(first + 1, second) : undefined;
      const rest = second < target.length ? target.slice(second + 1) : "";
      for (const start of ["", "/r", "/t"])
        for (const write of [(text: string) => text, escaped])
          for (const form of contentType === "text/plain" ? [body] : [write(rest)])
            yield {
              path: start + path,
              query: query === undefined ? undefined : write(query),
              body: form,
              contentType,
            };
    }
}
