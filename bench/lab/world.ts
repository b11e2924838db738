import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { Secret } from "../../src/api/secret.ts";
import type { Projection } from "../../src/projection/documents.ts";
import type { Credentials } from "../../test/support/caller.ts";
import { application, domain, grant, key } from "../../test/support/documents.ts";
import {
  applicationManifest,
  domainManifest,
  grantManifest,
  namespaceManifest,
} from "../../test/support/manifests.ts";

/** Applications of one team: a namespace with a host, a grant and so many callers. */
const TEAM_SIZE = 100;

/** One Application of a world, and what its callers have to know. */
export interface Member {
  readonly namespace: string;
  readonly name: string;
  readonly applicationId: string;
  readonly host: string;
  readonly credentials: Credentials;
}

export function member(number: number): Member {
  const digits = String(number).padStart(7, "0");
  const namespace = teamName(Math.floor(number / TEAM_SIZE));
  return {
    namespace,
    name: `app-${digits}`,
    applicationId: `app-b${digits}`,
    host: hostOf(namespace),
    credentials: { key: `APIDbench${digits}`, secret: `benchsecret${digits}benchsecret` },
  };
}

/** The first `count` members: a hundred per team, as many as there are in the last one. */
export function members(count: number): readonly Member[] {
  return Array.from({ length: count }, (_, number) => member(number));
}

/** The projections of a world of so many Applications: for each team an ApiDomain, an ApiGrant that names them, and theirs. */
export function projections(count: number): readonly Projection[] {
  return teams(count).flatMap((team) => [
    domain({
      name: team.name,
      hosts: [hostOf(team.name)],
      namespaces: { kind: "names", names: [team.name] },
    }),
    grant({
      namespace: team.name,
      uid: `uid-grant-${team.name}`,
      apis: [
        {
          name: "orders",
          hosts: [hostOf(team.name)],
          paths: [{ type: "PathPrefix", value: "/orders" }],
          methods: [],
        },
      ],
      applications: team.members.map(({ name }) => ({ kind: "name", name })),
    }),
    ...team.members.map((one) =>
      application({
        uid: `uid-${one.name}`,
        namespace: one.namespace,
        name: one.name,
        applicationId: one.applicationId,
        keys: [key({ apiAppKey: one.credentials.key, apiAppSecret: Secret.of(one.credentials.secret) })],
      }),
    ),
  ]);
}

/** The same world as manifests, with imported key pairs: a list for each team. */
function manifests(count: number): readonly { readonly team: string; readonly items: readonly object[] }[] {
  return teams(count).map(({ name, members }) => ({
    team: name,
    items: [
      domainManifest(name, name, hostOf(name)),
      {
        ...grantManifest("orders", name, hostOf(name)),
        spec: {
          ...grantManifest("orders", name, hostOf(name)).spec,
          applications: members.map((one) => ({ name: one.name })),
        },
      },
      ...members.flatMap(importedManifests),
    ],
  }));
}

/** Writes the manifests as `standalone` reads them: a file for each team. */
export async function writeResources(directory: string, count: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const { team, items } of manifests(count)) {
    const text = items.map((item) => stringify(item)).join("---\n");
    await writeFile(join(directory, `${team}.yaml`), text);
  }
}

/** The namespaces of a world. */
export function namespaces(count: number): readonly object[] {
  return teams(count).map(({ name }) => namespaceManifest(name));
}

function importedManifests({ namespace, name, credentials }: Member): readonly object[] {
  const secret = `${name}-vendor`;
  return [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: secret, namespace, labels: { "countersign.dev/credentials": "true" } },
      stringData: { ApiAppKey: credentials.key, ApiAppSecret: credentials.secret },
    },
    applicationManifest(name, namespace, {
      credentials: { source: "Imported", importFrom: { name: secret } },
    }),
  ];
}

function teams(count: number): readonly { readonly name: string; readonly members: readonly Member[] }[] {
  const all = members(count);
  return Array.from({ length: Math.ceil(count / TEAM_SIZE) }, (_, number) => ({
    name: teamName(number),
    members: all.slice(number * TEAM_SIZE, (number + 1) * TEAM_SIZE),
  }));
}

function teamName(number: number): string {
  return `team-${String(number).padStart(4, "0")}`;
}

function hostOf(team: string): string {
  return `${team}.bench.example.com`;
}
