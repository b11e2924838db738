import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Listener } from "../../observe/listener.ts";
import { Knowledge } from "../knowledge/knowledge.ts";
import type { ConsoleSource } from "../source.ts";
import { consoleApp } from "./app.ts";
import type { Assets } from "./assets.ts";
import { Revision } from "./revision.ts";
import { type Random, Session } from "./session.ts";

/** What a console needs beside its source. */
export interface ServerOptions {
  /** 0 for a port that the system picks. */
  readonly port: number;
  readonly assets: Assets;
  /** Of Countersign. */
  readonly version: string;
  readonly random: Random;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A console that listens on loopback. */
export interface RunningConsole {
  /** The link that opens it, once. */
  readonly url: string;
  stop(): void;
}

/** Opens the port. Throws ListenFailure. */
export async function startServer(source: ConsoleSource, options: ServerOptions): Promise<RunningConsole> {
  const { assets, version, random, now } = options;
  const session = new Session(random);
  const revision = new Revision(source.objects);
  let port = options.port;
  const knowledge = new Knowledge(source, () => revision.number, now);
  const app = consoleApp({ source, session, revision, knowledge, assets, version, now, port: () => port });
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  const address = await new Listener("console", `127.0.0.1:${options.port}`, server).open();
  port = Number(address.slice(address.lastIndexOf(":") + 1));
  const stop = () => {
    revision.stop();
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://${address}/?token=${session.token}`, stop };
}
