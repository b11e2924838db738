/** The number of files that were read so far, as one line on a terminal. */
export interface FileCounter {
  readonly update: (files: number) => void;
  /** Erases the line. */
  readonly clear: () => void;
}

/** Shows progress from the second on which it takes longer, and nothing where standard error is no terminal. */
export function fileCounter(): FileCounter {
  const { stderr, env } = process;
  if (!stderr.isTTY || env.TERM === "dumb") return { update: () => {}, clear: () => {} };
  let next = performance.now() + 1_000;
  let isShown = false;
  return {
    update: (files) => {
      if (performance.now() < next) return;
      next = performance.now() + 250;
      isShown = true;
      stderr.write(`\rreading: ${files} files\u001b[K`);
    },
    clear: () => {
      if (isShown) stderr.write("\r\u001b[K");
    },
  };
}
