import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { addressOfUrl } from "../../base/address.ts";
import { Unreachable } from "../httpGet.ts";
import type { ProbeResponse } from "./probeChecks.ts";

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 1_048_576;

/**
 * Sends exactly these bytes and reads the response until the server closes the connection. An HTTP library would correct the request.
 * Throws Unreachable.
 */
export function sendProbe(url: URL, serverName: string, bytes: Buffer): Promise<ProbeResponse> {
  const isSecure = url.protocol === "https:";
  const to = addressOfUrl(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const socket = isSecure ? connectTls({ ...to, servername: serverName }) : connectTcp(to);
    const fail = (why: string) => {
      socket.destroy();
      reject(new Unreachable(`${url.origin}: ${why}`));
    };
    const timer = setTimeout(() => fail(`no complete response within ${TIMEOUT_MS / 1_000} s`), TIMEOUT_MS);
    socket.once(isSecure ? "secureConnect" : "connect", () => socket.write(bytes));
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BYTES) socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    socket.on("close", () => {
      clearTimeout(timer);
      const response = parseResponse(Buffer.concat(chunks));
      if (response) resolve(response);
      else fail("it closed the connection without a response");
    });
  });
}

/** Parses an HTTP/1.1 response; undefined for any other bytes. */
export function parseResponse(bytes: Buffer): ProbeResponse | undefined {
  const text = bytes.toString("utf8");
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, Math.max(0, end)).split("\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0);
  if (status === 0) return undefined;
  const headers = lines.map((line) => {
    const cut = line.indexOf(":");
    return [line.slice(0, cut).toLowerCase(), line.slice(cut + 1).trim()] as const;
  });
  return { status, headers: new Map(headers), body: text.slice(end + 4) };
}
