/** The exit statuses of the program. Scripts rely on them. docs/exit-statuses.md and `--help` are generated from this file. */
export const EXIT = {
  ok: 0,
  failed: 1,
  unusable: 2,
  interrupted: 130,
  closedOutput: 141,
  terminated: 143,
} as const;

/** The meaning of each status, for every command. 130, 141 and 143 are those that a shell reports for SIGINT, SIGPIPE and SIGTERM. */
export const MEANINGS: readonly (readonly [status: number, meaning: string])[] = [
  [EXIT.ok, "It succeeded, and found no problem."],
  [
    EXIT.failed,
    "It found a problem (a denied or unreadable request, an error of doctor), or it failed while it ran.",
  ],
  [
    EXIT.unusable,
    "It could not run: the command line is wrong, or something that it needs is missing or unusable (a file, a directory, a key pair, certificates, a kubeconfig).",
  ],
  [EXIT.interrupted, "It was interrupted by Ctrl-C (SIGINT) before it was done."],
  [
    EXIT.closedOutput,
    "The reader of its output closed the pipe before everything was written, as head does.",
  ],
  [EXIT.terminated, "It was interrupted by SIGTERM before it was done."],
];

/** The meaning of the statuses for one command. */
export interface CommandStatuses {
  readonly ok: string;
  /** Undefined if the command never ends with 1. */
  readonly failed?: string;
  readonly unusable: string;
  /**
   * The status of a failure while the command runs. It is 2 if 1 is a verdict: a script must never mistake a cluster that does not
   * respond for a denied request.
   */
  readonly onFailure: typeof EXIT.failed | typeof EXIT.unusable;
}

const { failed, unusable } = EXIT;
const STOPPED = "It was stopped by SIGINT or SIGTERM.";
const WRONG = "The command line is wrong";
const NO_KUBECONFIG = "no kubeconfig can be used";
const NO_OBJECTS = `the directory or the cluster cannot be read, or ${NO_KUBECONFIG}`;

/** The meanings by the name of the command, in the order of `countersign --help`. */
export const COMMAND_STATUSES: Readonly<Record<string, CommandStatuses>> = {
  standalone: {
    ok: STOPPED,
    failed: "It failed: a port cannot be opened, or the state directory cannot be used or is in use.",
    unusable: `${WRONG}, there is no such directory, or the certificates cannot be used.`,
    onFailure: failed,
  },
  operator: {
    ok: STOPPED,
    failed: "It failed: its port cannot be opened.",
    unusable: `${WRONG}, or ${NO_KUBECONFIG}.`,
    onFailure: failed,
  },
  verifier: {
    ok: STOPPED,
    failed: "It failed: a port cannot be opened.",
    unusable: `${WRONG}, ${NO_KUBECONFIG}, or the certificates cannot be used.`,
    onFailure: failed,
  },
  sign: {
    ok: "The request is signed.",
    unusable: `${WRONG}, or the key pair or the body cannot be read.`,
    onFailure: unusable,
  },
  explain: {
    ok: "The request is allowed.",
    failed: "The request is denied.",
    unusable: `It could not be decided: the command line is wrong, the request or the key pair cannot be read, the capture lacks something on which the decision depends, ${NO_OBJECTS}.`,
    onFailure: unusable,
  },
  replay: {
    ok: "Every request is allowed.",
    failed: "A request is denied, unreadable, or not decidable from what was captured.",
    unusable: `It could not be decided: the command line is wrong, there are no captured requests or they cannot be read, ${NO_OBJECTS}; with --strict also: a request is unreadable or not decidable.`,
    onFailure: unusable,
  },
  validate: {
    ok: "There is no error; there may be warnings.",
    failed: "There is an error; with --strict also: there is a warning.",
    unusable: `${WRONG}, or a file or directory cannot be read.`,
    onFailure: unusable,
  },
  access: {
    ok: "The access is listed; with --can: the request is allowed; diff: both versions were compared.",
    failed: "With --can: the request is denied; diff with --exit-code: there is a difference.",
    unusable: `It could not be decided: the command line is wrong, a file has an error, ${NO_OBJECTS}; with --unused: last use is not recorded.`,
    onFailure: unusable,
  },
  console: {
    ok: STOPPED,
    failed: "It failed: its port cannot be opened.",
    unusable: `${WRONG}, ${NO_OBJECTS}, or the console's pages are not installed.`,
    onFailure: failed,
  },
  import: {
    ok: "The objects are written.",
    failed:
      "They are written; with --strict: something needs a decision, was left out, or was written beside a changed file.",
    unusable: `Nothing was written: the command line is wrong, an input cannot be read or contradicts another, or the directory cannot be written.`,
    onFailure: unusable,
  },
  "export-script": { ok: "The script is printed.", unusable: `${WRONG}.`, onFailure: unusable },
  "envoy-config": {
    ok: "The configuration is printed.",
    unusable: `${WRONG}, or a directory that it names cannot be read or written.`,
    onFailure: unusable,
  },
  doctor: {
    ok: "There is no error; there may be warnings.",
    failed: "There is an error.",
    unusable: `${WRONG}, ${NO_KUBECONFIG}, or all errors are sources that cannot be read.`,
    onFailure: unusable,
  },
  verifiers: {
    ok: "The verifiers are listed, or the verifier is forgotten.",
    failed:
      "It failed: the verifier is live or unknown, or the API server does not respond or denies a request.",
    unusable: `${WRONG}, or ${NO_KUBECONFIG}.`,
    onFailure: failed,
  },
  crds: { ok: "The CRDs are printed.", unusable: `${WRONG}.`, onFailure: unusable },
  uninstall: {
    ok: "Every operator is stopped, and every finalizer is removed.",
    failed:
      "It stopped before it was done, because the API server does not respond or denies a request: run it again.",
    unusable: `${WRONG}, or ${NO_KUBECONFIG}.`,
    onFailure: failed,
  },
  version: { ok: "The version is printed.", unusable: `${WRONG}.`, onFailure: unusable },
};

/** The exit status of a failure of this command; 2 for a command line without a command. */
export function statusOfFailure(command: string | undefined): number {
  const statuses = COMMAND_STATUSES[command ?? ""];
  return statuses?.onFailure ?? EXIT.unusable;
}

/** The section of `--help` about the statuses of a command, or of the whole program. */
export function exitHelp(command?: string): string {
  const { ok, failed: hasFailed, unusable: cannotRun } = COMMAND_STATUSES[command ?? ""] ?? {};
  const own: readonly (readonly [number, string | undefined])[] = [
    [EXIT.ok, ok],
    [EXIT.failed, hasFailed],
    [EXIT.unusable, cannotRun],
  ];
  const rows = command === undefined ? MEANINGS : own.filter(([, text]) => text !== undefined);
  const width = Math.max(...rows.map(([status]) => String(status).length));
  const lines = rows.map(([status, text]) => `  ${String(status).padEnd(width)}  ${text}`);
  return `\nExit status:\n${lines.join("\n")}\n`;
}
