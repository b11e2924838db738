import type { SchemeName } from "../../../api/vocabulary.ts";
import { settingText } from "../../../observe/settingText.ts";
import { splitTarget } from "../../../policy/pathSafety.ts";
import { HeaderLines, type Headers, isDenial, type SignedRequest } from "../../../signing/scheme.ts";
import type { Decided } from "../capture/verdict.ts";
import { signatureOf } from "./candidates.ts";

/** Probable mistakes, each as a sentence for the caller's developer or the Application's owner. */
export function hintsFor(decided: Decided): readonly string[] {
  const { decision } = decided;
  if (decision.kind === "allow") return [];
  if (decision.code !== "SignatureMismatch" && decided.near) return settingHints(decided);
  if (decision.code === "DateOutOfWindow" || decision.code === "DateInvalid") return dateHints(decided);
  if (decision.code === "KeyUnknown")
    return ["The ApiAppKey is unknown here, revoked or retired: read the credentials Secret again"];
  if (decision.code === "NoApiMatch")
    return [
      "No grant in an environment of this host has this path and method: check hosts, paths, methods and environment of the ApiGrants",
    ];
  if (decision.code !== "SignatureMismatch") return [];
  const found = [...settingHints(decided), ...mistakeHints(decided), ...changeHints(decided)];
  return found.length > 0 ? found : ["No common mistake explains it: compare the strings, then the secret"];
}

/** What each scheme calls its date, and what it looks like. */
const DATES: Readonly<Record<SchemeName, { readonly name: string; readonly example: string }>> = {
  Tencent: {
    name: "X-Date",
    example: ', listed in headers="…", and look like Tue, 24 Nov 2026 09:00:00 GMT',
  },
  AlibabaCA: {
    name: "X-Ca-Timestamp",
    example: ", listed in X-Ca-Signature-Headers, in milliseconds since 1970",
  },
  HTTPMessageSignatures: { name: "The parameter created", example: ", in seconds since 1970" },
  TencentKeyPair: {
    name: "Date or X-Date",
    example: ', listed in headers="…", and look like Tue, 24 Nov 2026 09:00:00 GMT',
  },
};

function dateHints({ target, decision, now }: Decided): readonly string[] {
  const { name, example } = DATES[decision.reached.attempt?.scheme.name ?? "Tencent"];
  const date = decision.reached.attempt?.scheme.diagnose.sentAt(target.request);
  if (date === undefined) return [`${name} must be signed${example}`];
  const seconds = Math.round((now - date) / 1_000);
  const how = seconds > 0 ? `${seconds} s behind` : `${-seconds} s ahead`;
  return [
    `${name} is ${how} of the time of the decision: set the caller's clock, or give the time of receipt with --at`,
  ];
}

function settingHints({ near }: Decided): readonly string[] {
  return near ? [`It would verify with spec.signing ${settingText(near)} (form ${near.variant})`] : [];
}

function mistakeHints(decided: Decided): readonly string[] {
  const signature = signatureOf(decided);
  return signature ? signature.scheme.diagnose.mistakes(signature.input) : [];
}

interface Change {
  readonly request: SignedRequest;
  readonly hint: string;
}

/** Changes that client libraries make to a request after it was signed. */
function changeHints(decided: Decided): readonly string[] {
  const signature = signatureOf(decided);
  if (!signature) return [];
  const { scheme, input } = signature;
  // A prefix that a change adds must not be removed again.
  const places = [input.place, { environmentPrefix: "", environmentPrefixes: [] }];
  const verifies = (request: SignedRequest) =>
    places.some((place) => !isDenial(scheme.verify({ ...input, request, place })));
  return [...headerChanges(input.request), ...pathChanges(decided)]
    .filter(({ request }) => verifies(request))
    .map(({ hint }) => hint)
    .slice(0, 3);
}

const ACCEPTS = ["", "*/*", "application/json", "application/json, text/plain, */*", "text/html"];
const FORM = "application/x-www-form-urlencoded";
const CONTENT_TYPES = [
  "",
  "application/json",
  "application/json; charset=utf-8",
  FORM,
  `${FORM}; charset=UTF-8`,
  "text/plain",
];

function headerChanges(request: SignedRequest): readonly Change[] {
  const change = (name: string, values: readonly string[]) =>
    values.map((value) => ({
      request: { ...request, headers: withHeader(request.headers, name, value) },
      hint: `The signature was made with ${name} ${JSON.stringify(value)}, but ${JSON.stringify(request.headers.single(name.toLowerCase()) ?? "")} was sent: the client library set it, so set it yourself before signing`,
    }));
  return [...change("Accept", ACCEPTS), ...change("Content-Type", CONTENT_TYPES)];
}

function pathChanges({ target: { request, host }, index }: Decided): readonly Change[] {
  const domain = host === undefined ? undefined : index.domains.ownerOf(host);
  const prefixes = domain?.prefixes ?? [];
  const { path } = splitTarget(request.path);
  const query = request.path.slice(path.length);
  const rewritten = (to: string, hint: string): readonly Change[] =>
    to === path ? [] : [{ request: { ...request, path: `${to}${query}` }, hint }];
  const upper = path.replaceAll(/%[0-9a-f]{2}/gi, (triplet) => triplet.toUpperCase());
  const lower = path.replaceAll(/%[0-9a-f]{2}/gi, (triplet) => triplet.toLowerCase());
  const plain = path.replaceAll(/%(2d|2e|5f|7e|[46][1-9a-f]|[57][0-9a]|3[0-9])/gi, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const library =
    "The signature was made over another spelling of the path: the client library or a proxy rewrote it";
  return [
    ...[upper, lower, plain, path.replaceAll("~", "%7E"), `${path}/`, path.replace(/\/$/, "")].flatMap((to) =>
      rewritten(to, `${library}, from ${to}`),
    ),
    ...prefixes.flatMap((prefix) =>
      rewritten(`${prefix}${path}`, `The signature was made with the prefix ${prefix} in front of the path`),
    ),
  ];
}

function withHeader(headers: Headers, name: string, value: string): HeaderLines {
  const kept = [...headers.names()].flatMap((one) => {
    const old = headers.single(one);
    return one === name.toLowerCase() || old === undefined ? [] : [[one, old] as const];
  });
  return new HeaderLines([...kept, [name, value]]);
}
