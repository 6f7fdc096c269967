import { TRPCClientError, type Operation, type TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import type { AppRouter } from './app-router.ts';
import { describeError, isCartwrightError, isTemporary } from './errors.ts';
import { isRepeatable, withKey } from './idempotency.ts';
import type { SessionStore } from './session.ts';

const SIGN_IN = new Set(['auth.login', 'auth.register', 'auth.verifyTwoFactor']);
const SIGN_OUT = new Set(['auth.logout', 'auth.logoutAll']);
const RETRIES = 3;
const RETRY_DELAY_MS = 200;

/**
 * What stands between a call and the transport: gives errors their reason, refreshes an expired session once and sends
 * the call again, repeats what can be repeated without a second effect, and keeps the tokens that answers bring.
 */
export function createSessionLink(session: SessionStore): TRPCLink<AppRouter> {
  return () =>
    ({ op: given, next }) =>
      observable((observer) => {
        const op: Operation = { ...given, input: withKey(given.path, given.input) };
        let current: Unsubscribable | undefined;
        let timer: ReturnType<typeof setTimeout> | undefined;
        let done = false;
        let refreshed = false;

        function attempt(count: number): void {
          if (done) return;
          let saving: Promise<void> = Promise.resolve();
          current = next(op).subscribe({
            next(envelope) {
              const { result } = envelope;
              if (op.type === 'subscription' || (result.type !== undefined && result.type !== 'data')) {
                observer.next(envelope);
                return;
              }
              // The caller goes on when the tokens are kept: its next call must already carry them.
              saving = keepTokens(session, op.path, result.data).then(() => observer.next(envelope));
            },
            error: (error) => void saving.then(() => recover(describeError(error), count)),
            complete: () => void saving.then(() => observer.complete()),
          });
        }

        function recover(error: TRPCClientError<AppRouter>, count: number): void {
          if (done) return;
          if (isCartwrightError(error, 'SESSION_REVOKED')) {
            void session.signOut('SESSION_REVOKED').then(() => observer.error(error));
          } else if (isCartwrightError(error, 'UNAUTHENTICATED') && !refreshed && session.current()) {
            refreshed = true;
            session.refresh().then(
              () => attempt(count),
              () => observer.error(error),
            );
          } else if (count < RETRIES && isTemporary(error) && isRepeatable(op.type, op.input)) {
            timer = setTimeout(() => attempt(count + 1), backoff(count));
          } else {
            observer.error(error);
          }
        }

        attempt(0);
        return () => {
          done = true;
          clearTimeout(timer);
          current?.unsubscribe();
        };
      });
}

/** Doubles with each try, with jitter so that clients of a restarting shop do not come back all at once. */
const backoff = (count: number): number => RETRY_DELAY_MS * 2 ** count * (0.5 + Math.random());

async function keepTokens(session: SessionStore, path: string, data: unknown): Promise<void> {
  if (typeof data !== 'object' || data === null) return;
  if (SIGN_IN.has(path)) {
    const answer = data as { status?: string } & Parameters<SessionStore['signedIn']>[0];
    if (answer.status === 'ok') await session.signedIn(answer);
  } else if (SIGN_OUT.has(path)) {
    await session.signOut();
  } else if ('cartToken' in data && typeof data.cartToken === 'string') {
    await session.keepCartToken(data.cartToken);
  }
}
