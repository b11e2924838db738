import { dirname } from "node:path";
import { _, Ajv } from "ajv";
import ajvStandalone from "ajv/dist/standalone/index.js";
import type { Plugin } from "esbuild";
import { AJV_OPTIONS } from "../src/projection/check.ts";
import { anyDocument } from "../src/projection/schemas.ts";

/** The check of projections (src/projection/check.ts) as the code of a module beside it: what ajv writes of the schema. */
export function documentCheckCode(): string {
  const formats = _`{ "date-time": isTime }`;
  const ajv = new Ajv({ ...AJV_OPTIONS, code: { source: true, esm: true, formats } });
  return [
    `import { isTime } from "./formats.ts";`,
    ajvStandalone.default(ajv, ajv.compile(anyDocument)),
    "export const isProjectionJson = validate;",
  ].join("\n");
}

/** Puts that code into the bundle, so that no process compiles the schema. */
export const DOCUMENT_CHECK: Plugin = {
  name: "check of projections, compiled",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\]projection[/\\]check\.ts$/ }, ({ path }) => ({
      contents: documentCheckCode(),
      resolveDir: dirname(path),
    }));
  },
};
