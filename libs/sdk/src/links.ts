import { TRPCClientError, type Operation, type TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import type { AppRouter } from './app-router.ts';
import { describeError, isCartwrightError, isTemporary } from './errors.ts';
import { isRepeatable, withKey } from './idempotency.ts';
import type { SessionStore } from './session.ts';

const SIGN_IN = new Set(['auth.login', 'auth.register', 'auth.verifyTwoFactor', 'auth.acceptInvite']);
const SIGN_OUT = new Set(['auth.logout', 'auth.logoutAll']);
const RETRIES = 3;
/** Where each try is slow to fail, people hear of it after a while instead of after all tries. */
const RETRY_WITHIN_MS = 10_000;
const RETRY_DELAY_MS = 200;
/** A keyed call whose process has died can be taken over after some seconds: repetitions go on for longer than that. */
const RETRIES_IN_PROGRESS = 16;
const RETRY_MAX_MS = 1_000;

export interface SessionLinkOptions {
  /** Has the person show again who they are, and answers whether they did. */
  onStepUp?: (() => Promise<boolean>) | undefined;
}

/**
 * What stands between a call and the transport: gives errors their reason, refreshes an expired session once and sends
 * the call again, repeats what can be repeated without a second effect, and keeps the tokens that answers bring.
 */
export function createSessionLink(session: SessionStore, options: SessionLinkOptions = {}): TRPCLink<AppRouter> {
  return () => {
    /** The person is asked once, however many calls wait for it. */
    let steppingUp: Promise<boolean> | null = null;
    const stepUp = (ask: () => Promise<boolean>): Promise<boolean> =>
      (steppingUp ??= ask().finally(() => void (steppingUp = null)));
    /** The call that opens a guest's cart: others wait for its token, or each would open a cart of its own. */
    let opening: Promise<void> | null = null;

    return ({ op: given, next }) =>
      observable((observer) => {
        const op: Operation = { ...given, input: withKey(given.path, withoutDirection(given.input)) };
        const startedAt = Date.now();
        let current: Unsubscribable | undefined;
        let timer: ReturnType<typeof setTimeout> | undefined;
        let done = false;
        let refreshed = false;
        let steppedUp = false;
        let sentWith: string | undefined;
        const atEnd: (() => void)[] = [];

        async function start(): Promise<void> {
          await session.ready();
          if (SIGN_OUT.has(op.path)) atEnd.push(session.leave());
          if (op.type === 'mutation' && op.path.startsWith('cart.')) {
            while (opening && session.hasNoCart()) await opening;
            if (session.hasNoCart() && !done) {
              const turn = new Promise<void>((resolve) => atEnd.push(resolve)).then(() => void (opening = null));
              opening = turn;
            }
          }
          await attempt(0);
        }

        async function attempt(count: number): Promise<void> {
          sentWith = await session.accessToken();
          if (done) return;
          let saving: Promise<void> = Promise.resolve();
          current = next(op).subscribe({
            next(envelope) {
              const { result } = envelope;
              if (result.type !== undefined && result.type !== 'data') {
                observer.next(envelope);
                return;
              }
              // The caller goes on when the tokens are kept: its next call must already carry them.
              saving = keepTokens(session, op.path, result.data).then(() => observer.next(envelope));
            },
            error: (error) => void saving.then(() => recover(describeError(error), count)).catch(fail),
            complete: () => void saving.then(() => observer.complete()).catch(fail),
          });
        }

        async function recover(error: TRPCClientError<AppRouter>, count: number): Promise<void> {
          if (done) return;
          const revoked = isCartwrightError(error, 'SESSION_REVOKED');
          if (revoked) await session.signOutOf(sentWith, 'SESSION_REVOKED');
          if ((revoked || isCartwrightError(error, 'UNAUTHENTICATED')) && !refreshed && session.current()) {
            refreshed = true;
            // A token that is not there any more was refused: it says nothing of the one that is.
            const renewed = session.token() === sentWith ? session.refresh() : Promise.resolve();
            await renewed.then(
              () => attempt(count),
              () => fail(error),
            );
          } else if (isCartwrightError(error, 'STEP_UP_REQUIRED') && options.onStepUp && !steppedUp) {
            steppedUp = true;
            const confirmed = await stepUp(options.onStepUp);
            if (!done) await (confirmed ? attempt(count) : fail(error));
          } else if (count < retriesOf(error, Date.now() - startedAt) && isRepeatable(op.type, op.input)) {
            timer = setTimeout(() => void attempt(count + 1).catch(fail), backoff(count));
          } else {
            fail(error);
          }
        }

        const fail = (error: unknown): void =>
          observer.error(
            describeError(TRPCClientError.from<AppRouter>(error instanceof Error ? error : new Error(String(error)))),
          );

        void start().catch(fail);
        return () => {
          done = true;
          for (const step of atEnd) step();
          clearTimeout(timer);
          current?.unsubscribe();
        };
      });
  };
}

/** How often a call that failed like this, so many milliseconds after it began, is tried again. */
export function retriesOf(error: TRPCClientError<AppRouter>, afterMs: number): number {
  if (isCartwrightError(error, 'IDEMPOTENCY_IN_PROGRESS')) return RETRIES_IN_PROGRESS;
  return isTemporary(error) && afterMs < RETRY_WITHIN_MS ? RETRIES : 0;
}

/** Doubles with each try, with jitter so that clients of a restarting shop do not come back all at once. */
export const backoff = (count: number): number =>
  Math.min(RETRY_MAX_MS, RETRY_DELAY_MS * 2 ** count) * (0.5 + Math.random());

async function keepTokens(session: SessionStore, path: string, data: unknown): Promise<void> {
  if (typeof data !== 'object' || data === null) return;
  if (SIGN_IN.has(path)) {
    const answer = data as { status?: string } & Parameters<SessionStore['signedIn']>[0];
    if (answer.status === 'ok') await session.signedIn(answer);
  } else if (SIGN_OUT.has(path)) {
    await session.signOut();
  } else if (path === 'orders.place') {
    const { order, orderToken } = data as { order: { id: string }; orderToken?: string };
    if (orderToken !== undefined) await session.keepOrderToken(order.id, orderToken);
  } else if (path === 'orders.claim') {
    await session.dropOrderToken((data as { id: string }).id);
  } else if ('cartToken' in data && typeof data.cartToken === 'string') {
    await session.keepCartToken(data.cartToken);
  }
}

/** TanStack's infinite queries send which way they page; the shop's strict inputs know one way only. */
export function withoutDirection(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('direction' in input)) return input;
  const { direction: _direction, ...rest } = input;
  return rest;
}
