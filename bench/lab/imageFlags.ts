import { readFileSync } from "node:fs";

/** The flags of Node that the image starts the program with, as its Dockerfile has them: figures are those of the image. */
export function imageFlags(
  dockerfile = readFileSync(new URL("../../Dockerfile", import.meta.url), "utf8"),
): readonly string[] {
  const [, list] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile) ?? [];
  if (list === undefined) throw new Error("Dockerfile has no line ENTRYPOINT [...]");
  return (JSON.parse(list) as readonly string[]).slice(1, -1);
}
