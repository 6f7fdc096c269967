import { TRPCClientError, type Operation, type OperationLink, type TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import type { AppRouter } from './app-router.ts';
import { describeError, isCartwrightError, isTemporary } from './errors.ts';
import type { LiveSocket } from './live-socket.ts';
import { orderIdOf } from './order-tokens.ts';
import type { SessionStore } from './session.ts';

/** The live connection as subscriptions see it. */
export type FollowedSocket = Pick<LiveSocket, 'openedWith' | 'carry' | 'reopen' | 'isClosed' | 'follow'>;

const RETRY_DELAY_MS = 500;
const RETRY_MAX_MS = 30_000;

/**
 * Keeps subscriptions going: each goes on from its last event after a refusal that may pass (the shop is busy, or a part of
 * it is away), and with fresh tokens when those of its connection have ended. Lost connections are mended below, where
 * the last event is known likewise. What fails for good is told to the subscriber.
 */
export function createSubscriptionLink({
  session,
  socket,
}: {
  session: SessionStore;
  /** Absent where there is no WebSocket: calls work there, and subscriptions say what is missing. */
  socket: FollowedSocket | undefined;
}): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      socket
        ? follow({ op, next, session, socket })
        : observable((observer) => observer.error(describeError(TRPCClientError.from(missingSocket()))));
}

const missingSocket = (): Error => new Error('Subscriptions need a WebSocket: pass one to createCartwright');

function follow({
  op,
  next,
  session,
  socket,
}: {
  op: Operation;
  next: Parameters<OperationLink<AppRouter>>[0]['next'];
  session: SessionStore;
  socket: FollowedSocket;
}): ReturnType<OperationLink<AppRouter>> {
  return observable((observer) => {
    let lastEventId: string | undefined;
    let failures = 0;
    let refreshed = false;
    let done = false;
    let current: Unsubscribable | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function attempt(): Promise<void> {
      await session.accessToken();
      if (done) return;
      if (socket.isClosed()) return observer.complete();
      const orderId = orderIdOf(op.path, op.input);
      const orderToken = orderId === undefined ? undefined : session.orderToken(orderId);
      if (orderToken !== undefined) socket.carry(orderToken);
      current = next({ ...op, input: resuming(op.input, lastEventId) }).subscribe({
        next(envelope) {
          const { result } = envelope;
          if (result.type === 'data') {
            if (typeof result.id === 'string') lastEventId = result.id;
            failures = 0;
            refreshed = false;
            if (isCheckpoint(result.data)) return;
          }
          observer.next(envelope);
        },
        error: (error) => void recover(describeError(error)).catch(fail),
        complete: () => observer.complete(),
      });
    }

    async function recover(error: TRPCClientError<AppRouter>): Promise<void> {
      if (done) return;
      const revoked = isCartwrightError(error, 'SESSION_REVOKED');
      const sentWith = socket.openedWith();
      if (revoked) await session.signOutOf(sentWith, 'SESSION_REVOKED');
      if ((revoked || isCartwrightError(error, 'UNAUTHENTICATED')) && !refreshed && session.current()) {
        await reauthenticate(error, sentWith);
      } else if (isTemporary(error) || isCartwrightError(error, 'RATE_LIMITED')) {
        tryLater();
      } else {
        fail(error);
      }
    }

    /** Refused was the token of the connection; there may be another one by now. */
    async function reauthenticate(error: TRPCClientError<AppRouter>, sentWith: string | undefined): Promise<void> {
      const renewed = session.token() !== sentWith || (await isRefreshed(session));
      if (done) return;
      if (renewed) {
        refreshed = true;
        // Another subscription may have had it opened anew already.
        if (socket.openedWith() === sentWith) socket.reopen();
        await attempt();
      } else if (session.current()) {
        // The shop could not be asked for other tokens: that says nothing of the session.
        tryLater();
      } else {
        fail(error);
      }
    }

    function tryLater(): void {
      timer = setTimeout(() => void attempt().catch(fail), delayOf(failures));
      failures += 1;
    }

    const fail = (error: unknown): void =>
      observer.error(
        describeError(TRPCClientError.from<AppRouter>(error instanceof Error ? error : new Error(String(error)))),
      );

    const unfollow = socket.follow();
    void attempt().catch(fail);
    return () => {
      done = true;
      clearTimeout(timer);
      current?.unsubscribe();
      unfollow();
    };
  });
}

const isRefreshed = (session: SessionStore): Promise<boolean> =>
  session.refresh().then(
    () => true,
    () => false,
  );

/** The input with where to go on; what the caller gave itself, to go on after a visit before, holds until then. */
function resuming(input: unknown, lastEventId: string | undefined): unknown {
  if (lastEventId === undefined) return input;
  return { ...(typeof input === 'object' ? input : {}), lastEventId };
}

/** A place to resume from that is no news: kept here. */
function isCheckpoint(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || !('data' in data)) return false;
  const item = data.data;
  return typeof item === 'object' && item !== null && 'type' in item && item.type === 'checkpoint';
}

/** Doubles with each failure, with jitter so that those refused together do not come back together. */
const delayOf = (failures: number): number =>
  Math.min(RETRY_MAX_MS, RETRY_DELAY_MS * 2 ** failures) * (0.5 + Math.random());
