/** A failure to come, ordered through the control API. */
export interface Fault {
  /** Before: the request has no effect. After: it has, but the caller isn't told. */
  when: 'before' | 'after';
  /**
   * `disconnect` cuts the connection, `hang` never answers, the others answer with that status. `kept_500` is kept under
   * the idempotency key, as Stripe keeps its failures, so that every repetition gets it too.
   */
  kind: 'disconnect' | 'hang' | 'http_500' | 'kept_500' | 'http_429' | 'delay';
  /** How many matching requests it hits. */
  count: number;
  /** Part of `METHOD /path`, for example `POST /v1/refunds`; empty matches every call. */
  match: string;
  /** For `delay`: milliseconds between the effect and the answer (or before both). */
  delayMs: number;
}

export function createFaults() {
  let faults: Fault[] = [];
  return {
    add(fault: Fault): void {
      faults.push({ ...fault });
    },
    clear(): void {
      faults = [];
    },
    /** Takes the first fault that matches this request, if any. */
    take(method: string, pathname: string): Fault | null {
      const request = `${method} ${pathname}`;
      const found = faults.find((fault) => fault.count > 0 && request.includes(fault.match));
      if (!found) return null;
      found.count -= 1;
      faults = faults.filter((fault) => fault.count > 0);
      return found;
    },
  };
}

export type Faults = ReturnType<typeof createFaults>;
