import { stat } from "node:fs/promises";
import { BUNDLE, bundle } from "./bundle.ts";

/** `npm run build`: the program as the published package and the image have it. */
await bundle();
const { size } = await stat(BUNDLE);
process.stderr.write(`dist/countersign.mjs: ${(size / 1e6).toFixed(1)} MB\n`);
