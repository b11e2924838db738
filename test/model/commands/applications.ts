import fc from "fast-check";
import type { Session } from "../session.ts";
import type { Application } from "../world.ts";
import { Act } from "./act.ts";
import { type Acts, type Place, placed, rarely, textOf, tier, until } from "./places.ts";

/** Two of two teams have the same name. */
export const MOBILE: Place = [0, "mobile"];
export const FOREIGN: Place = [1, "mobile"];
const place = fc.constantFrom<Place>(MOBILE, MOBILE, FOREIGN, FOREIGN, [0, "web"]);

export const NEW_APPLICATION = { revokedKeys: [], rotations: 0, isKeyDue: true };

/** Creates it, or edits it. */
export const putApplication: Acts = fc
  .record({ place, suspended: rarely, tier, until })
  .map(({ place: where, until: wait, ...change }) => {
    const at = textOf(where);
    return new Act(`put Application ${at} ${JSON.stringify(change)}`, wait, async (session) => {
      const before = session.world.applications.get(at) ?? NEW_APPLICATION;
      await session.putApplication(at, { ...before, ...placed(session.names, where), ...change });
    });
  });

type OnApplication = readonly [
  what: string,
  perform: (session: Session, at: string, living: Application) => Promise<void>,
];

/** An imported pair is rotated by importing another. */
const rotate: OnApplication = [
  "rotate",
  async (session, at, living) => {
    if (living.imported !== undefined) return await session.importPair(at, undefined);
    await session.putApplication(at, { ...living, rotations: living.rotations + 1, isKeyDue: true });
  },
];
const importNew: OnApplication = ["import a pair to", (session, at) => session.importPair(at, undefined)];
const importAgain: OnApplication = [
  "import the first pair again, if there is one, to",
  async (session, at, living) => {
    const first = session.world.keysOf(living).find(({ id }) => session.world.pairs.has(id));
    if (first) await session.importPair(at, first.id);
  },
];
const generate: OnApplication = ["generate the pairs of", (session, at) => session.generate(at)];
const forgive: OnApplication = ["empty revokedKeys of", (session, at) => session.forgive(at)];
const loseCredentials: OnApplication = [
  "delete the credentials Secret of",
  (session, _, { namespace, name }) => session.line.loseCredentials(namespace, name),
];
const loseIdentity: OnApplication = [
  "take from the operator, and create again,",
  async (session, at, living) => {
    // The pair would be the new one's.
    if (living.imported === undefined) await session.loseIdentity(at, living);
  },
];
const remove: OnApplication = ["delete Application", (session, at) => session.deleteApplication(at)];

/** The latest key of the Application's own, an earlier one, or one of anybody; the spec may list it only until that is confirmed. */
const revoke = fc.record({ own: rarely.map((is) => !is), back: fc.nat(3), briefly: fc.boolean() }).map(
  ({ own, back, briefly }): OnApplication => [
    `revoke${briefly ? " briefly" : ""} ${own ? "own" : "any"} key ${back} from the last, for`,
    async (session, at, living) => {
      const keys = own ? session.world.keysOf(living) : [...session.world.keys.values()];
      const key = keys[keys.length - 1 - (back % Math.max(keys.length, 1))];
      if (key) await session.revoke(at, living, key);
      if (briefly) await session.forgive(at);
    },
  ],
);

export const onApplication: Acts = fc
  .record({
    place,
    doing: fc.oneof(
      { weight: 3, arbitrary: fc.constant(rotate) },
      { weight: 3, arbitrary: revoke },
      { weight: 3, arbitrary: fc.constant(remove) },
      { weight: 3, arbitrary: fc.constantFrom(importNew, importAgain, generate) },
      fc.constantFrom(forgive, loseCredentials, loseIdentity),
    ),
    until,
  })
  .map(({ place: where, doing: [what, perform], until: wait }) => {
    const at = textOf(where);
    const act = async (session: Session) => {
      const living = session.world.applications.get(at);
      if (living) await perform(session, at, living);
    };
    return new Act(`${what} ${at}`, wait, act, ({ applications }) => applications.has(at));
  });
