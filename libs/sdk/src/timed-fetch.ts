/** The part of `fetch` that calls are sent with. */
type Send = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

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
    const timer = setTimeout(() => own.abort(new Error(`No answer came within ${timeoutMs} ms.`)), timeoutMs);
    try {
      return await send(input, { ...init, signal: own.signal });
    } finally {
      clearTimeout(timer);
    }
  };
}
