import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * `node image-root.mjs FOLDER`: lays out in FOLDER the root of an image that can run this Node and nothing else: its
 * binary, the shared objects that it has loaded, and who the user is. Runs while the image is built, without a shell.
 */
const root = process.argv[2];
const place = (from, to = from) => {
  mkdirSync(dirname(root + to), { recursive: true });
  copyFileSync(from, root + to);
};
const libraries = process.report.getReport().sharedObjects.filter((path) => path.startsWith("/"));
for (const library of new Set(libraries)) if (library !== process.execPath) place(library);
place(process.execPath, "/usr/local/bin/node");

const texts = {
  "/etc/passwd": "countersign:x:65532:65532:Countersign:/:/nonexistent\n",
  "/etc/group": "countersign:x:65532:\n",
  "/etc/nsswitch.conf": "hosts: files dns\n",
};
for (const [path, text] of Object.entries(texts)) {
  mkdirSync(dirname(root + path), { recursive: true });
  writeFileSync(root + path, text);
}
