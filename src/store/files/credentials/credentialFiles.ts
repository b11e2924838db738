import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { errorCode } from "../../../base/errorCode.ts";
import type { SecretObject } from "../../store.ts";
import { Breather } from "../watch/breather.ts";
import { digestOf, stampOf } from "../watch/fileStamp.ts";

interface Known {
  readonly stamp: string;
  readonly digest: string;
}

/** What an earlier process knew of a file. */
export interface Recalled extends Known {
  readonly secret: SecretObject;
}

/** What somebody else changed a file to: its text, "" if it cannot be read, or what an earlier process knew of it. Undefined: it was removed. */
export type Change = string | Recalled | undefined;

/**
 * The credentials Secrets as files, `credentials/<namespace>/<name>.yaml`, for people and programs to read. They are not synced
 * to the disk: a key pair is in the projection of its Application, from which the operator writes a lost file again.
 */
export class CredentialFiles {
  readonly path: string;
  readonly #now: () => number;
  /** By key, which is namespace/name. */
  readonly #known = new Map<string, Known>();

  /** `now` returns epoch milliseconds. */
  constructor(stateDirectory: string, now: () => number) {
    this.path = join(stateDirectory, "credentials");
    this.#now = now;
  }

  /** The folders of the files that exist, one for each namespace. */
  folders(): readonly string[] {
    return entriesOf(this.path).map((namespace) => join(this.path, namespace));
  }

  /** Stamp and digest of a file as it was last written or read; undefined if it is unknown, or changed too lately to have a stamp. */
  known(key: string): Known | undefined {
    const known = this.#known.get(key);
    return known?.stamp === "" ? undefined : known;
  }

  /** Replaces the file atomically. */
  write(key: string, text: string): void {
    const path = this.#file(key);
    try {
      replaceFile(path, text);
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error;
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      replaceFile(path, text);
    }
    this.#known.set(key, {
      stamp: stampOf(statSync(path), Number.POSITIVE_INFINITY),
      digest: digestOf(text),
    });
  }

  remove(key: string): void {
    rmSync(this.#file(key), { force: true });
    this.#known.delete(key);
  }

  /**
   * The files that somebody else changed since they were last written or read. Looks at these keys alone if they are given.
   * `remembered` returns what an earlier process knew of a file: one with the stamp that it had then is not read.
   */
  async changed(
    keys?: ReadonlySet<string>,
    remembered: (key: string) => Recalled | undefined = () => undefined,
  ): Promise<ReadonlyMap<string, Change>> {
    const found = new Map<string, Change>();
    const breather = new Breather();
    for (const key of keys ?? this.#all()) {
      this.#check(key, found, remembered);
      await breather.pause();
    }
    return found;
  }

  #all(): ReadonlySet<string> {
    const keys = new Set(this.#known.keys());
    for (const namespace of entriesOf(this.path))
      for (const file of entriesOf(join(this.path, namespace)))
        if (file.endsWith(".yaml")) keys.add(`${namespace}/${file.slice(0, -".yaml".length)}`);
    return keys;
  }

  #check(key: string, found: Map<string, Change>, remembered: (key: string) => Recalled | undefined): void {
    const known = this.#known.get(key);
    const times = statSync(this.#file(key), { throwIfNoEntry: false });
    if (!times) {
      if (this.#known.delete(key)) found.set(key, undefined);
      return;
    }
    const stamp = stampOf(times, this.#now());
    if (stamp !== "" && stamp === known?.stamp) return;
    const earlier = known ? undefined : remembered(key);
    if (earlier && earlier.stamp === stamp) {
      this.#known.set(key, { stamp, digest: earlier.digest });
      found.set(key, earlier);
      return;
    }
    const text = this.#read(key);
    const digest = digestOf(text);
    this.#known.set(key, { stamp, digest });
    if (digest !== known?.digest) found.set(key, text);
  }

  #read(key: string): string {
    try {
      return readFileSync(this.#file(key), "utf8");
    } catch {
      return "";
    }
  }

  #file(key: string): string {
    return join(this.path, `${key}.yaml`);
  }
}

function replaceFile(path: string, text: string): void {
  // Unlike writeSync it fails when a full disk takes only a part of the text. With an encoding, Node makes one call for the whole write.
  writeFileSync(`${path}.new`, text, { mode: 0o600, encoding: "utf8" });
  renameSync(`${path}.new`, path);
}

/** Names in a folder; none if it does not exist or is a file. */
function entriesOf(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(errorCode(error))) return [];
    throw error;
  }
}
