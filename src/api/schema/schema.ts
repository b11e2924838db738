/** A structural OpenAPI v3 schema of a CustomResourceDefinition, as far as the three kinds use it. */
export interface Schema {
  readonly type: "object" | "array" | "string" | "integer" | "boolean";
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly "x-kubernetes-list-type"?: "set" | "map" | "atomic";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-validations"?: readonly Rule[];
}

/** One CEL rule; exactly one of message and messageExpression names what to write instead. */
export interface Rule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  /** Where the error is shown, relative to the rule's place, such as `.overlap`. */
  readonly fieldPath?: string;
}

/** The TypeScript type of a value that fits the schema after defaulting: a property with a default is always there. */
export type FromSchema<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly oneOf: readonly (infer U)[] }
      ? FromSchema<U>
      : S extends { readonly type: "string" }
        ? string
        : S extends { readonly type: "integer" }
          ? number
          : S extends { readonly type: "boolean" }
            ? boolean
            : S extends { readonly type: "array"; readonly items: infer I }
              ? readonly FromSchema<I>[]
              : S extends { readonly properties: infer P }
                ? FromProperties<P, S extends { readonly required: readonly (infer R)[] } ? R : never>
                : S extends { readonly additionalProperties: infer A }
                  ? Readonly<Record<string, FromSchema<A>>>
                  : unknown;

type FromProperties<P, Required> = {
  readonly [K in keyof P as IsPresent<P, K, Required> extends true ? K : never]: FromSchema<P[K]>;
} & {
  readonly [K in keyof P as IsPresent<P, K, Required> extends true ? never : K]?: FromSchema<P[K]>;
};

type IsPresent<P, K extends keyof P, Required> = K extends Required
  ? true
  : P[K] extends { readonly default: unknown }
    ? true
    : false;
