import { readFileSync } from "node:fs";

const DOCKERFILE = new URL("../../Dockerfile", import.meta.url);

/** The flags of Node that the image starts the program with, as its Dockerfile has them: figures are those of the image. */
export function imageFlags(dockerfile = readFileSync(DOCKERFILE, "utf8")): readonly string[] {
  const [, list] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile) ?? [];
  if (list === undefined) throw new Error("Dockerfile has no line ENTRYPOINT [...]");
  return (JSON.parse(list) as readonly string[]).slice(1, -1);
}

/** The environment variables that the Dockerfile sets in the image, of lines `ENV name=value`. */
export function imageVariables(
  dockerfile = readFileSync(DOCKERFILE, "utf8"),
): Readonly<Record<string, string>> {
  const found = dockerfile.matchAll(/^ENV (\w+)=(\S+)$/gm);
  return Object.fromEntries([...found].map(([, name = "", value = ""]) => [name, value]));
}
