import type { Clock } from "../../base/clock.ts";
import { examine, fingerprint, type Material, readFiles, TlsProblem } from "./material.ts";

/**
 * How often the folder is read. A watch of the file system would not report that the folder itself was replaced, so it
 * would need polling beside it; certificates are renewed long before they end, so that seconds do not matter.
 */
const POLL_MS = 2_000;

/** A problem is reported once it lasts this long: between the writes of two files they do not match, which is no error. */
const PATIENCE_MS = 1_500;

export interface FolderListener {
  /** Other files are in use from now on. */
  readonly onLoaded: (material: Material) => void;
  /** Other files lie there and cannot be used; those before stay in use. Called once for each content. */
  readonly onRefused: (problem: string) => void;
}

/** A folder of certificates that is read again whenever it changes. What is broken never replaces what works. */
export class CertificateFolder {
  readonly path: string;
  readonly #clock: Clock;
  #material: Material;
  #inUse: string;
  /** A content that cannot be used: since when (monotonic milliseconds), and whether that was reported. */
  #refused: { readonly content: string; readonly since: number; isTold: boolean } | undefined;
  #looking: Promise<void> | undefined;

  private constructor(path: string, clock: Clock, material: Material) {
    this.path = path;
    this.#clock = clock;
    this.#material = material;
    this.#inUse = fingerprint(material);
  }

  /** Reads the folder. Throws TlsProblem when what lies there cannot be used. */
  static async open(path: string, clock: Clock): Promise<CertificateFolder> {
    const examined = examine(await readFiles(path), path, clock.wall());
    if (!examined.ok) throw new TlsProblem(examined.problem);
    return new CertificateFolder(path, clock, examined.material);
  }

  /** What is in use. */
  get material(): Material {
    return this.#material;
  }

  /** Reads the folder every two seconds until the returned function is called. */
  follow(listener: FolderListener): () => void {
    const timer = setInterval(() => void this.look(listener), POLL_MS).unref();
    return () => clearInterval(timer);
  }

  /** Looks at the folder now. */
  async look(listener: FolderListener): Promise<void> {
    this.#looking ??= this.#look(listener).finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  async #look(listener: FolderListener): Promise<void> {
    const found = await readFiles(this.path).catch((error: unknown) => {
      if (error instanceof TlsProblem) return error.message;
      throw error;
    });
    if (typeof found === "string") return this.#refuse(found, found, listener);
    const content = fingerprint(found);
    if (content === this.#inUse) {
      this.#refused = undefined;
      return;
    }
    // Also what was refused before is examined again: its time may have come.
    const examined = examine(found, this.path, this.#clock.wall());
    if (!examined.ok) return this.#refuse(content, examined.problem, listener);
    this.#refused = undefined;
    this.#inUse = content;
    this.#material = examined.material;
    listener.onLoaded(examined.material);
  }

  #refuse(content: string, problem: string, listener: FolderListener): void {
    const now = this.#clock.monotonic();
    if (this.#refused?.content !== content) this.#refused = { content, since: now, isTold: false };
    if (this.#refused.isTold || now - this.#refused.since < PATIENCE_MS) return;
    this.#refused.isTold = true;
    listener.onRefused(problem);
  }
}
