import { createHash, createHmac } from "node:crypto";
import { type Agent, request as httpRequest } from "node:http";

/** A caller as the vendor documents it, written apart from the product's own signing so that neither can hide a fault of the other. */
export interface Credentials {
  readonly key: string;
  readonly secret: string;
}

/** The key pair in the data of a credentials Secret. */
export function credentialsIn(data: Readonly<Record<string, string>>): Credentials {
  const value = (key: string) => Buffer.from(data[key] ?? "", "base64").toString();
  return { key: value("ApiAppKey"), secret: value("ApiAppSecret") };
}

export interface Call {
  readonly port: number;
  readonly method?: string;
  /** As the caller writes it on the wire, with the environment's prefix. */
  readonly path: string;
  readonly host?: string;
  readonly credentials?: Credentials;
  readonly body?: string;
  /** Sent as x-apigw-nonce, and signed. */
  readonly nonce?: string;
  /** The path that is signed, where it is not the one that is sent. */
  readonly signedPath?: string;
  readonly date?: Date;
  readonly headers?: Readonly<Record<string, string>>;
  /** Keeps connections; without it each call opens its own. */
  readonly agent?: Agent;
}

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** The headers of a signed request: hmac-sha256 over x-date, method, Accept, Content-Type, Content-MD5 and the path. */
export function signedHeaders(call: Call): Record<string, string> {
  const date = (call.date ?? new Date()).toUTCString();
  const headers: Record<string, string> = { accept: "application/json", "x-date": date };
  const hex = call.body === undefined ? "" : createHash("md5").update(call.body).digest("hex");
  const md5 = hex === "" ? "" : Buffer.from(hex).toString("base64");
  if (call.body !== undefined)
    Object.assign(headers, { "content-type": "application/json", "content-md5": md5 });
  if (call.nonce !== undefined) headers["x-apigw-nonce"] = call.nonce;
  const lines = [
    ...(call.nonce === undefined ? [] : [`x-apigw-nonce: ${call.nonce}`]),
    `x-date: ${date}`,
    call.method ?? "GET",
    "application/json",
    headers["content-type"] ?? "",
    md5,
    call.signedPath ?? call.path,
  ];
  const signature = createHmac("sha256", call.credentials?.secret ?? "")
    .update(lines.join("\n"))
    .digest("base64");
  const authorization = `hmac id="${call.credentials?.key}", algorithm="hmac-sha256", headers="${call.nonce === undefined ? "x-date" : "x-apigw-nonce x-date"}", signature="${signature}"`;
  return call.credentials ? { ...headers, authorization } : headers;
}

/** Sends the call to a listener of this machine and reads the whole answer. */
export function send(call: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        host: "127.0.0.1",
        port: call.port,
        method: call.method ?? "GET",
        path: call.path,
        agent: call.agent ?? false,
        headers: { host: call.host ?? "api.shop.example.com", ...signedHeaders(call), ...call.headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: new Map(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(call.body);
  });
}
