import { existsSync } from "node:fs";
import { findProgram, pathFolders } from "./cache.ts";
import { installDebian } from "./debianPackages.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Pages in Chinese need a font that has its characters. */
const FONT = "fonts-wqy-zenhei";
const FONT_FOLDER = "/usr/share/fonts/truetype/wqy";

/** The path of Chromium: CHROMIUM_BIN, PATH, else installed from Debian's packages with a Chinese font. Throws PartMissing. */
export async function findChromium(): Promise<string> {
  if (process.env.CHROMIUM_BIN) return process.env.CHROMIUM_BIN;
  const found = () =>
    NAMES.map((name) => findProgram(name, pathFolders())).find((path) => path !== undefined);
  const path = found();
  if (path !== undefined && existsSync(FONT_FOLDER)) return path;
  if (path !== undefined) {
    // A browser of the user's own works without the font: only the screenshots show boxes.
    await installDebian(FONT).catch(() => undefined);
    return path;
  }
  await installDebian("chromium", FONT);
  return found() ?? "";
}
