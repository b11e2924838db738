import { describe, expect, test } from "@jest/globals";
import { portProblems } from "./ports.ts";
import { sourceFiles } from "./sources.ts";

test("no port is chosen in one step and bound in a later one", () => {
  const files = sourceFiles();
  expect(files.length).toBeGreaterThan(300);
  expect(files.flatMap(({ path, source }) => portProblems(path, source))).toEqual([]);
});

describe("a port is not kept by", () => {
  const cases: Record<string, string> = {
    "a function that binds, closes and returns the number": `
      export async function portOf(): Promise<number> {
        const server = createServer();
        await new Promise<void>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", resolve);
        });
        const { port } = server.address() as AddressInfo;
        await new Promise((resolve) => server.close(resolve));
        return port;
      }`,
    "one that does so with callbacks": `
      const spare = () =>
        new Promise<number>((resolve) => {
          const server = createServer().listen(0, () => {
            const { port } = server.address() as AddressInfo;
            server.close(() => resolve(port));
          });
        });`,
    "one that closes in finally": `
      async function look() {
        await listen(server);
        try {
          return server.address().port;
        } finally {
          server.close();
        }
      }`,
    "a method": `
      class Ports {
        async next() {
          await listen(this.#server);
          const port = portOf(this.#server);
          if (port > 1) {
            this.#server.close();
          }
          return { port };
        }
      }`,
    "a function of that name": "const port = await freePort();",
    "a package that does so": 'import { portNumbers } from "get-port";',
    "a fixed number": "server.listen(18_080);",
  };
  test.each(Object.entries(cases))("%s", (_, source) => {
    expect(portProblems("test/a.ts", source)).toHaveLength(1);
  });
});

describe("a port is kept by", () => {
  const cases: Record<string, string> = {
    "a server that is open for as long as its port is used": `
      async function startUpstream() {
        await listen(server);
        return { port: server.address().port, stop: () => new Promise((resolve) => server.close(resolve)) };
      }`,
    "a class with a port and a way to close it": `
      class Way {
        get port() {
          return this.#server.address().port;
        }
        open() {
          return listen(this.#server);
        }
        stop() {
          this.#server.close();
        }
        describe() {
          return \`way on port \${this.port}\`;
        }
      }`,
    "the function that holds it": "const port = await reservePort();",
    "a comment on freePort": "// freePort() was here",
  };
  test.each(Object.entries(cases))("%s", (_, source) => {
    expect(portProblems("test/a.ts", source)).toEqual([]);
  });
});
