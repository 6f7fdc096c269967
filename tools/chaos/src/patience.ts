import { setTimeout as pause } from 'node:timers/promises';
import { isCartwrightError, type ErrorReason } from '@cartwright/sdk';
import type { Random } from './random.ts';

/** The longest a call may take before it counts as hanging, in milliseconds. */
export const CALL_MS = 30_000;
const AGAIN: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  ...(['NETWORK', 'SERVICE_UNAVAILABLE', 'IDEMPOTENCY_IN_PROGRESS', 'RATE_LIMITED'] as const),
  ...(['PAYMENT_PROVIDER_UNAVAILABLE', 'INTERNAL'] as const),
]);
const SIGN_IN: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  ...(['UNAUTHENTICATED', 'SESSION_REVOKED', 'REFRESH_TOKEN_INVALID', 'REFRESH_TOKEN_REUSED'] as const),
]);

/** The shop said no, and will say so again. */
export class Refused extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** What a call may be given, so that it ends. */
export const inTime = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(CALL_MS) });

export interface Patience {
  readonly random: Random;
  readonly signIn: () => Promise<unknown>;
  /** Calls that hang, and errors from inside: what nobody should meet with. */
  readonly onProblem: (problem: string) => void;
}

/** Tries until it works; signs in again where the session is gone; throws `Refused` at once on a refusal. */
export async function persistently<T>(
  { random, signIn, onProblem }: Patience,
  { what, until }: { what: string; until: number },
  work: (tries: number) => Promise<T>,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const startedAt = performance.now();
    let last: unknown;
    try {
      return await work(tries);
    } catch (error) {
      last = error;
    }
    if (performance.now() - startedAt > CALL_MS - 100) onProblem(`${what} hung for ${CALL_MS / 1_000} s`);
    const reason = isCartwrightError(last) ? last.reason : undefined;
    if (reason === undefined) throw last;
    if (reason === 'INTERNAL') onProblem(`${what} failed inside (${String(last)})`);
    if (SIGN_IN.has(reason)) await signIn().catch(() => undefined);
    else if (!AGAIN.has(reason)) throw new Refused(reason);
    if (Date.now() > until) throw new Error(`${what} still fails: ${String(last)}`);
    // Soon at first; nobody hammers a shop that is away for minutes.
    await pause(Math.min(2_000, 50 * 2 ** Math.floor(tries / 4)) * (1 + random.next() * 3));
  }
}
