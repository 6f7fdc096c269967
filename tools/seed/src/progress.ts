/** Says how far a long step is. */
export interface Progress {
  /** `done` of `total`, printed at most every so often, and always at the end. */
  step(label: string, done: number, total: number): void;
  /** One finished line. */
  say(text: string): void;
}

const EVERY_MS = 1_000;

/** Progress as plain lines, which read well in a terminal, a log and through a pipe. */
export function createProgress(write: (line: string) => void, now: () => number = Date.now): Progress {
  const numbers = new Intl.NumberFormat('en-US');
  let last = 0;
  return {
    step: (label, done, total) => {
      if (done < total && now() - last < EVERY_MS) return;
      last = now();
      write(`${label}: ${numbers.format(done)} of ${numbers.format(total)}`);
    },
    say: write,
  };
}
