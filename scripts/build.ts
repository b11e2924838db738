import { bundle } from "./bundle.ts";

/** `npm run build`: the program as the published package and the image have it, without parts of earlier builds. */
const size = await bundle(0);
process.stderr.write(`dist/countersign.mjs with dist/lib: ${(size / 1e6).toFixed(1)} MB\n`);
