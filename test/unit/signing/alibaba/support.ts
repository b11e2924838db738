import type { OpenVariant, ParameterSetting } from "../../../../src/api/vocabulary.ts";
import { signingKey } from "../../../../src/signing/algorithms.ts";
import { ALIBABA_CA } from "../../../../src/signing/alibaba/alibabaScheme.ts";
import {
  type Denial,
  HeaderLines,
  isDenial,
  type SignedRequest,
  type Variant,
} from "../../../../src/signing/scheme.ts";

/** The clock, the settings of the Application, and the place of the request. */
export interface World {
  readonly now: number;
  readonly secret: string;
  readonly parameters?: ParameterSetting;
  readonly open?: readonly OpenVariant[];
  readonly environment?: string;
}

/** The checks of a decision that the scheme makes, in their order. */
export function verify(request: SignedRequest, world: World): Variant | Denial {
  const presented = ALIBABA_CA.read(request);
  if (presented === undefined) throw new Error("the request presents nothing of the scheme");
  if (isDenial(presented)) return presented;
  const sentAt = ALIBABA_CA.check(request, presented, world.now, 900_000);
  if (isDenial(sentAt)) return sentAt;
  return ALIBABA_CA.verify({
    request,
    presented,
    key: signingKey(world.secret),
    place: {
      environmentPrefix: "",
      environmentPrefixes: [],
      ...(world.environment === undefined ? {} : { environment: world.environment }),
    },
    settings: { parameters: world.parameters ?? "Auto", openVariants: world.open ?? [] },
  });
}

/** The name of the variant that verified, or the code of the denial. */
export function outcome(request: SignedRequest, world: World): string {
  const found = verify(request, world);
  return isDenial(found) ? found.code : found.name;
}

export function withHeaders(
  request: SignedRequest,
  change: (lines: readonly (readonly [string, string])[]) => readonly (readonly [string, string])[],
): SignedRequest {
  const lines = [...request.headers.names()].map(
    (name) => [name, request.headers.single(name) ?? ""] as const,
  );
  return { ...request, headers: new HeaderLines(change(lines)) };
}
