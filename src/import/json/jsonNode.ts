import { isRecord } from "../../base/json.ts";
import type { Place } from "../facts.ts";
import type { InputProblem } from "../finding.ts";

/** The file that a node is from, and where wrong types are reported. */
export interface NodeSource {
  readonly file: string;
  readonly problems: InputProblem[];
}

/**
 * A value of a parsed document with its place. `null`, "", [] and a missing key all mean the same in responses of the vendor,
 * so they are no problem; a value of another type is one, reported once and read as missing.
 */
export class JsonNode {
  readonly value: unknown;
  readonly source: NodeSource;
  readonly at: string;

  constructor(value: unknown, source: NodeSource, at: string) {
    this.value = value;
    this.source = source;
    this.at = at;
  }

  get place(): Place {
    return { file: this.source.file, at: this.at };
  }

  has(key: string): boolean {
    return isRecord(this.value) && Object.hasOwn(this.value, key);
  }

  /** The text under a key; "" if it is missing or null. */
  text(key: string): string {
    const value = this.#get(key);
    if (typeof value === "string") return value;
    if (value !== undefined && value !== null) this.#wrong(key, "text");
    return "";
  }

  /** An id, which some documents have as a number and others as text; "" if it is missing or null. */
  id(key: string): string {
    const value = this.#get(key);
    return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : this.text(key);
  }

  number(key: string): number | undefined {
    const value = this.#get(key);
    if (typeof value === "number") return value;
    if (value !== undefined && value !== null) this.#wrong(key, "a number");
    return undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.#get(key);
    if (typeof value === "boolean") return value;
    if (value !== undefined && value !== null) this.#wrong(key, "true or false");
    return undefined;
  }

  /** The objects of the list under a key; none if it is missing or null. */
  items(key: string): readonly JsonNode[] {
    const value = this.#get(key);
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.#wrong(key, "a list");
      return [];
    }
    return new JsonNode(value, this.source, this.#under(key)).elements();
  }

  /** The objects of this list itself. */
  elements(): readonly JsonNode[] {
    const values: readonly unknown[] = Array.isArray(this.value) ? this.value : [];
    const nodes = values.map((value, index) => new JsonNode(value, this.source, `${this.at}[${index}]`));
    return nodes.filter((node) => {
      if (isRecord(node.value)) return true;
      this.source.problems.push({ ...node.place, message: "must be an object" });
      return false;
    });
  }

  texts(key: string): readonly string[] {
    const value = this.#get(key);
    if (value === undefined || value === null) return [];
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
    this.#wrong(key, "a list of texts");
    return [];
  }

  /** The object under a key; undefined if it is missing or null. */
  child(key: string): JsonNode | undefined {
    const value = this.#get(key);
    if (value === undefined || value === null) return undefined;
    if (isRecord(value)) return new JsonNode(value, this.source, this.#under(key));
    this.#wrong(key, "an object");
    return undefined;
  }

  #get(key: string): unknown {
    return this.has(key) ? (this.value as Readonly<Record<string, unknown>>)[key] : undefined;
  }

  #under(key: string): string {
    return this.at === "" ? key : `${this.at}.${key}`;
  }

  #wrong(key: string, expected: string): void {
    const message = `must be ${expected}: the file was changed after its tool wrote it, export it again`;
    this.source.problems.push({ file: this.source.file, at: this.#under(key), message });
  }
}
