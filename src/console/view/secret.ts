import type { Gap } from "../gap.ts";

/** The key pair of an Application, which a viewer has asked for by a click. It is read each time, and never kept. */
export type SecretAnswer =
  | { readonly kind: "secret"; readonly apiAppKey: string; readonly apiAppSecret: string }
  | { readonly kind: "missing" }
  | { readonly kind: "gap"; readonly gap: Gap };
