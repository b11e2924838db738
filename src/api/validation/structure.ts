import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { Schema } from "../schema/schema.ts";
import { fieldOf, type Problem } from "./problem.ts";

/** Checks types, bounds, enums, required and unknown fields, and writes the schema's defaults into the value that it is given. */
export type StructureCheck = (value: unknown) => readonly Problem[];

/**
 * The structural half of a schema as a check; unknown fields are problems, as they are for `kubectl apply`. It is compiled
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
  return ajv.compile(closed(schema));
}

/** The schema as JSON Schema, with every object that lists properties closed to others. metadata is the API server's own business. */
function closed(schema: Schema): object {
  const { items, properties, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(items ? { items: closed(items) } : {}),
    ...(additionalProperties ? { additionalProperties: closed(additionalProperties) } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, closed(of)])),
          additionalProperties: false,
        }
      : {}),
  };
}

function problem(error: ErrorObject): Problem {
  const path = error.instancePath.split("/").slice(1).map(unescapePointer);
  if (error.keyword === "additionalProperties") {
    const name = String(error.params.additionalProperty);
    return { field: fieldOf([...path, name]), message: "unknown field: remove it, or correct its name" };
  }
  if (error.keyword === "required") {
    return { field: fieldOf([...path, String(error.params.missingProperty)]), message: "is required" };
  }
  if (error.keyword === "enum") {
    const allowed = (error.params.allowedValues as readonly string[]).join(", ");
    return { field: fieldOf(path), message: `must be one of ${allowed}` };
  }
  return { field: fieldOf(path), message: error.message ?? error.keyword };
}

function unescapePointer(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
