import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** An upstream that accepts WebSockets, and sends each text message back in upper case. */
export interface WebSocketUpstream {
  readonly port: number;
  /** The handshakes that reached it: header names are lower-case. */
  readonly handshakes: readonly Readonly<Record<string, string>>[];
  stop(): Promise<void>;
}

/** From RFC 6455, section 1.3. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export async function startWebSocketUpstream(): Promise<WebSocketUpstream> {
  const handshakes: Record<string, string>[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer((_, response) => response.end("no handshake"));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    const entries = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    handshakes.push(Object.fromEntries(entries));
    sockets.add(socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy()));
    socket.write(acceptance(String(request.headers["sec-websocket-key"])));
    socket.on("data", (frame: Buffer) => answer(socket, frame));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    handshakes,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function acceptance(key: string): string {
  const accept = createHash("sha1").update(`${key}${GUID}`).digest("base64");
  const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
  return `${[...lines, `Sec-WebSocket-Accept: ${accept}`].join("\r\n")}\r\n\r\n`;
}

/** Short messages of one frame each; everything but text ends the connection. */
function answer(socket: Duplex, frame: Buffer): void {
  const [TEXT, MASK_LENGTH] = [0x81, 4];
  if (frame[0] !== TEXT) {
    socket.end();
    return;
  }
  const length = (frame[1] ?? 0) & 0x7f;
  const mask = frame.subarray(2, 2 + MASK_LENGTH);
  const payload = frame.subarray(2 + MASK_LENGTH, 2 + MASK_LENGTH + length);
  const text = Buffer.from(payload.map((byte, at) => byte ^ (mask[at % MASK_LENGTH] ?? 0)));
  const said = Buffer.from(text.toString().toUpperCase());
  socket.write(Buffer.concat([Buffer.from([TEXT, said.length]), said]));
}
