import { createHmac, randomUUID } from "node:crypto";

/** A request that is to be signed as npm `aliyun-api-gateway` 1.1.6 signs a GET without parameters. */
export interface ToSign {
  readonly key: string;
  readonly secret: string;
  readonly path: string;
  /** X-Ca-Stage. */
  readonly stage: string;
}

/** The headers that the client sends, by its captures: four signed ones in the order of their names, in lower case. */
export function npmHeaders({ key, secret, path, stage }: ToSign): readonly (readonly [string, string])[] {
  const signed = [
    ["x-ca-key", key],
    ["x-ca-nonce", randomUUID()],
    ["x-ca-stage", stage],
    ["x-ca-timestamp", String(Date.now())],
  ] as const;
  const accept = "application/json";
  const lines = ["GET", accept, "", "", "", ...signed.map(([name, value]) => `${name}:${value}`), path];
  const signature = createHmac("sha256", secret).update(lines.join("\n")).digest("base64");
  return [
    ...signed,
    ["accept", accept],
    ["x-ca-signature-headers", signed.map(([name]) => name).join(",")],
    ["x-ca-signature", signature],
  ];
}
