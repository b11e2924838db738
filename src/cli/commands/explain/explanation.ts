import { SCHEME_NAMES } from "../../../api/vocabulary.ts";
import { settingText } from "../../../observe/settingText.ts";
import { admittingApi } from "../../../policy/authorize.ts";
import type { GrantEntry } from "../../../policy/index/grantEntry.ts";
import { protectionOf } from "../../../policy/nonceUse.ts";
import type { ApplicationProjection } from "../../../projection/documents.ts";
import type { Body, Candidate, SignedRequest, SigningScheme } from "../../../signing/scheme.ts";
import { printable } from "../../shared/capture/printable.ts";
import type { Decided, Verdict } from "../../shared/capture/verdict.ts";

export interface ExplanationParts {
  readonly verdict: Verdict;
  readonly decided: Decided;
  readonly candidates: readonly Candidate[];
  /** The string that the caller signed, if it is known. */
  readonly callers: string | undefined;
  readonly hints: readonly string[];
  /** Why the capture does not contain enough for a decision; default: it does. */
  readonly undecidable?: string | undefined;
}

/** More strings than these are counted, not shown. */
const SHOWN = 8;

/** The explanation as text for a terminal: one line per fact. */
export function explanation(parts: ExplanationParts): string {
  const { decided, candidates, callers } = parts;
  const matched = candidates.find(
    ({ variant }) => variant === decided.decision.reached.authenticated?.variant,
  );
  return [
    ...parsed(decided),
    ...strings(candidates, matched),
    ...(callers === undefined ? [] : compared(callers, (matched ?? candidates[0])?.stringToSign)),
    ...grants(decided),
    ...nonce(decided),
    ...(parts.undecidable === undefined
      ? conclusion(parts)
      : [line("decision", `not decidable  ${parts.undecidable}`)]),
  ].join("\n");
}

function conclusion({ verdict, hints, decided }: ExplanationParts): readonly string[] {
  const message = verdict.message === null ? "" : `  ${oneLine(verdict.message)}`;
  return [
    line("decision", `${verdict.decision}  ${verdict.code}${message}`),
    ...(decided.decision.enforcement === "Shadow"
      ? [line("enforcement", "Shadow: a verifier reports this decision, and allows the request")]
      : []),
    ...(verdict.grant === null ? [] : [line("grant", verdict.grant)]),
    ...(verdict.wouldVerifyWith
      ? [line("would verify", `with ${settingText(verdict.wouldVerifyWith)}`)]
      : []),
    ...hints.map((hint) => line("hint", printable(hint))),
  ];
}

function parsed({ target: { request, path, host }, decision, now }: Decided): readonly string[] {
  const { scheme, presented, key, place } = decision.reached.attempt ?? {};
  const size = bodyText(request.body);
  return [
    line("request", `${request.method} ${printable(request.path)}  ${size}`),
    line("host", host ?? `${printable(request.authority)} is not a host name`),
    ...(scheme && presented
      ? [
          line(
            "authorization",
            `key ${printable(presented.keyId)}  ${printable(presented.algorithm) || "algorithm of the key"}  signed headers: ${scheme.diagnose.signedHeaders(presented).map(printable).join(" ")}`,
          ),
        ]
      : []),
    line("time", `${new Date(now).toISOString()}  ${dateText(request, scheme)}`),
    ...(key
      ? [
          line(
            "application",
            `${key.application.namespace}/${key.application.name}  ${key.application.applicationId}  key ${key.state}  ${settingsText(key.application)}`,
          ),
        ]
      : []),
    line(
      "environment",
      place
        ? `${place.environment}  prefix ${place.pathPrefix}  path behind it ${printable(place.rest)}`
        : `none for ${printable(path)}, as far as it was looked for`,
    ),
  ];
}

/** When the request was signed, by its own date. */
function dateText(request: SignedRequest, scheme: SigningScheme | undefined): string {
  if (!scheme || scheme.name === "Tencent")
    return `x-date: ${printable(request.headers.single("x-date") ?? "not sent once")}`;
  const at = scheme.diagnose.sentAt(request);
  return `signed at: ${at === undefined ? "not known" : new Date(at).toISOString()}`;
}

/** How the Application's callers may sign. */
function settingsText({ schemes }: ApplicationProjection): string {
  const names = SCHEME_NAMES.filter((name) => schemes[name] !== undefined);
  const [parameters] = names.flatMap((name) => schemes[name]?.parameters ?? []);
  return `schemes: ${names.join(" ")}${parameters === undefined ? "" : `  parameters: ${parameters}`}`;
}

function strings(candidates: readonly Candidate[], matched: Candidate | undefined): readonly string[] {
  const few = matched ? candidates.slice(0, candidates.indexOf(matched) + 1) : candidates;
  const rows = few.slice(matched ? -1 : 0, matched ? undefined : SHOWN);
  const more = few.length - rows.length;
  return [
    ...(matched && more > 0 ? [line("tried", `${more} other strings before the one that matches`)] : []),
    ...rows.flatMap((candidate) => [
      line(candidate === matched ? "matches" : "does not match", candidate.variant.name),
      ...candidate.stringToSign.split("\n").map((text) => `                 | ${printable(text)}`),
    ]),
    ...(!matched && more > 0 ? [line("tried", `${more} other strings, and no match`)] : []),
  ];
}

/** Where the caller's own string differs from the server's. */
function compared(callers: string, servers: string | undefined): readonly string[] {
  if (servers === undefined) return [];
  const at = [...callers].findIndex((char, index) => char !== servers[index]);
  const first = at >= 0 ? at : callers.length;
  if (callers === servers)
    return [line("caller's", "is the same string: the secret or the algorithm differs")];
  const before = callers.slice(0, first).split("\n");
  const place = `line ${before.length}, character ${(before.at(-1)?.length ?? 0) + 1}`;
  const rest = (text: string) =>
    first < text.length ? printable(JSON.stringify(text.slice(first, first + 40))) : "its end";
  return [line("caller's", `differs from ${place} on: ${rest(callers)} instead of ${rest(servers)}`)];
}

/** Each grant of the path that matched, and whether it admits the caller. */
function grants({ target, decision, index, now }: Decided): readonly string[] {
  const { authenticated, located } = decision.reached;
  if (!authenticated || !located) return [];
  const admitting = new Set<GrantEntry>();
  index
    .grantsUnder(decision.enforcement)
    .forEachMeantFor(authenticated.key, located.matched, (grant, apis) => {
      if (admittingApi(grant, apis, target, now)) admitting.add(grant);
    });
  return located.matched.flatMap((found) =>
    [...found].map(([grant, apis]) =>
      line(
        admitting.has(grant) ? "grant admits" : "grant does not",
        `${grant.fullName}  ${apis.map(({ name }) => name).join(" ")}`,
      ),
    ),
  );
}

/** What replay protection does with the request, where it applies. */
function nonce({ target: { request }, decision, now }: Decided): readonly string[] {
  const { authenticated, located } = decision.reached;
  const protection = authenticated && located && protectionOf(authenticated, located, now);
  if (!authenticated || !protection) return [];
  const { mode, windowMs } = protection;
  const signed = authenticated.scheme.nonce.signed(request, authenticated.presented);
  if (signed !== undefined)
    return [
      line(
        "nonce",
        `${printable(signed)}  ${mode}: allowed once within ${Math.round(windowMs / 1_000)} s, then NonceRepeated`,
      ),
    ];
  const then = mode === "Required" ? "the request is denied" : "it is allowed as often as it is sent";
  return [line("nonce", `not signed  ${mode}: ${then}`)];
}

function line(name: string, text: string): string {
  return `${name.padEnd(17)}${text}`;
}

function oneLine(text: string): string {
  return printable(Buffer.from(text, "utf8").toString("latin1"));
}

function bodyText(body: Body): string {
  if (body.kind === "bytes") return `${body.bytes.length} bytes of body`;
  return body.kind === "none" ? "no body" : "a body that is not known";
}
