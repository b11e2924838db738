import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { Schema } from "../schema/schema.ts";
import { fieldOf, type Path, type Problem } from "./problem.ts";

export interface StructuralProblem extends Problem {
  readonly path: Path;
  /** Whether CEL rules that read the field are skipped, as the API server skips them. */
  readonly hidesRules: boolean;
}

/** Checks types, bounds, enums and required fields, and writes the schema's defaults into the value that it is given. */
export type StructureCheck = (value: unknown) => readonly StructuralProblem[];

/** The API server's blocking errors: required, type invalid, too long, too many, not supported. */
const BLOCKING = new Set(["required", "type", "maxLength", "maxItems", "maxProperties", "enum"]);

/**
 * The structural half of a schema as a check of values that `cutToSize` returned: all problems are listed. It is compiled
 * when it is first used: that takes longer than all else a command does to start, and most commands check nothing.
 */
export function structureCheck(schema: Schema): StructureCheck {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= compile(schema);
    return validate(value) ? [] : (validate.errors ?? []).map(problem);
  };
}

function compile(schema: Schema): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: false, validateFormats: false });
  return ajv.compile(schema);
}

function problem(error: ErrorObject): StructuralProblem {
  const at = error.instancePath.split("/").slice(1).map(unescapePointer);
  const path = error.keyword === "required" ? [...at, String(error.params.missingProperty)] : at;
  return { path, field: fieldOf(path), message: messageOf(error), hidesRules: BLOCKING.has(error.keyword) };
}

/** The messages of keywords that ajv words for programs. */
const MESSAGES: Readonly<Record<string, (params: ErrorObject["params"]) => string>> = {
  required: () => "is required",
  enum: ({ allowedValues }) => `must be one of ${(allowedValues as readonly string[]).join(", ")}`,
  minItems: ({ limit }) => `must have at least ${limit} ${limit === 1 ? "item" : "items"}`,
  minLength: ({ limit }) => `must have at least ${limit} ${limit === 1 ? "character" : "characters"}`,
  maxLength: ({ limit }) => `must have at most ${limit} characters`,
};

function messageOf({ keyword, params, message = keyword }: ErrorObject): string {
  return MESSAGES[keyword]?.(params) ?? message;
}

function unescapePointer(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
