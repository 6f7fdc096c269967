/** The part of `fetch` that calls are sent with. */
type Send = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Timers know no longer time, and take one for none. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * A `fetch` that is given up when no answer begins within `timeoutMs`: it rejects then, as without a network. Browsers wait
 * for minutes, and phones may for good.
 */
export function timedFetch(send: Send, timeoutMs: number): Send {
  return async (input, init) => {
    const own = new AbortController();
    const outer = init?.signal;
    const giveUp = (): void => own.abort(outer?.reason);
    if (outer?.aborted) giveUp();
    // Kept on: the caller may give up while the answer is read.
    outer?.addEventListener('abort', giveUp);
    const late = (): void => own.abort(new Error(`No answer came within ${timeoutMs} ms.`));
    const timer = setTimeout(late, Math.min(timeoutMs, LONGEST_MS));
    try {
      return await send(input, { ...init, signal: own.signal });
    } finally {
      clearTimeout(timer);
    }
  };
}
