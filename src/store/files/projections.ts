import { isRecord, parseJson } from "../../base/json.ts";
import { oneCopy } from "../../base/oneCopy.ts";
import { decodeProjectionJson, encodeProjection } from "../../projection/codec.ts";
import { compactDocument } from "../../projection/compact.ts";
import { documentName } from "../../projection/documentName.ts";
import type { Projection } from "../../projection/documents.ts";
import type { Change, ProjectionSink, StoredProjection } from "../../projection/feed.ts";
import type { WriteOutcome } from "../store.ts";
import { FilesCollection } from "./collection.ts";
import type { StateDirectory } from "./state/stateDirectory.ts";
import type { Versions } from "./versions.ts";

const FOLDER = "projections";

/** The projections in the state directory; the verifier of this process receives each change once it is durable. */
export class ProjectionTable {
  readonly collection = new FilesCollection<StoredProjection>();
  readonly #state: StateDirectory;
  readonly #versions: Versions;
  readonly #sink: ProjectionSink | undefined;
  #applied = "0";

  constructor(state: StateDirectory, versions: Versions, sink: ProjectionSink | undefined) {
    this.#state = state;
    this.#versions = versions;
    this.#sink = sink;
  }

  load(): void {
    for (const [name, text] of this.#state.records(FOLDER)) {
      const stored = readStored(name, text, () => this.#versions.next());
      this.#versions.seen(stored.resourceVersion);
      this.collection.put(stored.name, stored);
    }
    this.#applied = this.#versions.last;
    this.#sink?.replace([...this.collection.values()], this.#applied);
  }

  /** The version up to which the verifier of this process has every projection. */
  get applied(): string {
    return this.#state.isPending ? this.#applied : this.#versions.last;
  }

  create(document: Projection, change: Change): WriteOutcome {
    const name = documentName(document);
    return this.collection.get(name) ? { kind: "conflict" } : this.#put(name, document, change);
  }

  replace(document: Projection, change: Change, resourceVersion: string): WriteOutcome {
    const name = documentName(document);
    const old = this.collection.get(name);
    if (!old) return { kind: "gone" };
    return old.resourceVersion === resourceVersion ? this.#put(name, document, change) : { kind: "conflict" };
  }

  delete(name: string, resourceVersion: string): WriteOutcome {
    const old = this.collection.get(name);
    if (!old) return { kind: "gone" };
    if (old.resourceVersion !== resourceVersion) return { kind: "conflict" };
    const version = this.#versions.next();
    this.#state.remove(`${FOLDER}/${name}`);
    this.#onceDurable(version, () => this.#sink?.remove(name, version));
    this.collection.put(name, undefined);
    return { kind: "written", resourceVersion: version };
  }

  #put(name: string, document: Projection, change: Change): WriteOutcome {
    const resourceVersion = this.#versions.next();
    const head = JSON.stringify({ resourceVersion, change });
    this.#state.write(
      `${FOLDER}/${name}`,
      `${head.slice(0, -1)},"projection":${encodeProjection(document)}}`,
    );
    const stored = { name: oneCopy(name), resourceVersion, document: compactDocument(document), change };
    this.#onceDurable(resourceVersion, () => this.#sink?.upsert(stored));
    this.collection.put(name, stored);
    return { kind: "written", resourceVersion };
  }

  #onceDurable(version: string, tell: () => void): void {
    this.#state.afterCommit(() => {
      tell();
      this.#applied = version;
    });
  }
}

/** A record that cannot be decoded counts as a projection without a document: the operator replaces it. */
function readStored(name: string, text: string, version: () => string): StoredProjection {
  const value = parseJson(text);
  const isWhole = isRecord(value) && typeof value.resourceVersion === "string";
  const resourceVersion = isWhole ? String(value.resourceVersion) : version();
  const decoded = decodeProjectionJson(isWhole ? value.projection : undefined);
  const change: Change = isWhole && value.change === "Addition" ? "Addition" : "Removal";
  const common = { name: oneCopy(name), resourceVersion, change };
  if (!decoded.ok) return { ...common, document: undefined, problem: decoded.problem };
  const { document } = decoded;
  return documentName(document) === name
    ? { ...common, document }
    : { ...common, document: undefined, problem: "its document is another object's" };
}
