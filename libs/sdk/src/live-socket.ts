import { createWSClient, type TRPCWebSocketClient } from '@trpc/client';
import { createEmitter } from './emitter.ts';

/** How the live connection is: it opens with the first subscription and closes after the last. */
export type ConnectionState = 'idle' | 'connecting' | 'open' | 'closed';

const IDLE_CLOSE_MS = 5_000;
const RECONNECT_MAX_MS = 5_000;
/** When an instance of the shop ends, the clients it had don't all come back in the same moment. */
const RECONNECT_FIRST_MS = 800;

/** The live connection: what the transport needs of it, and what subscriptions do with it. */
export interface LiveSocket {
  readonly client: TRPCWebSocketClient;
  readonly connection: {
    state(): ConnectionState;
    subscribe(listener: (state: ConnectionState) => void): () => void;
  };
  /** The access token that the connection was opened with: its rights are those of that token for as long as it lives. */
  openedWith(): string | undefined;
  /** Has the connection carry the token of a guest's order; opens it anew when it was opened without. */
  carry(orderToken: string): void;
  /** Closes the connection; it opens again with the tokens of now when anything is followed. */
  reopen(): void;
  isClosed(): boolean;
  /** Notes that something is followed; returns how to end that. Without it no connection is opened. */
  follow(): () => void;
  close(): Promise<void>;
}

/** The part of a browser that tells when the device has a network again; named here since the SDK runs elsewhere, too. */
interface Page {
  addEventListener?(type: 'online', listener: () => void): void;
  removeEventListener?(type: 'online', listener: () => void): void;
}

/**
 * The one WebSocket that all subscriptions share. It opens with the first of them and closes after the last; a lost one is
 * opened again, ever less often while that fails, and at once when the device is back on the network.
 */
export function createLiveSocket(options: {
  url: string;
  WebSocket: typeof WebSocket;
  /** What the connection is opened with, asked for each time. */
  parameters: () => Promise<{ token?: string; cartToken?: string }>;
}): LiveSocket {
  const { url, parameters } = options;
  const connection = createEmitter<ConnectionState>('idle');
  let followers = 0;
  let openedWith: string | undefined;
  let orderToken: string | undefined;
  let closed = false;
  let pauseMs = 0;
  let endPause: (() => void) | undefined;
  let giveUp: ReturnType<typeof setTimeout> | undefined;

  /** Waits before another try. Here rather than in the transport, whose own waiting nothing can end early. */
  async function pause(): Promise<void> {
    const ms = pauseMs;
    pauseMs = 0;
    if (ms > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        endPause = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      endPause = undefined;
    }
    if (followers === 0) throw new Error('Nothing is followed any more');
  }

  const client: TRPCWebSocketClient = createWSClient({
    url: () => pause().then(() => url),
    WebSocket: options.WebSocket,
    lazy: { enabled: true, closeMs: IDLE_CLOSE_MS },
    keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 5_000 },
    retryDelayMs: (attempt) => {
      pauseMs = delayOf(attempt);
      return 0;
    },
    connectionParams: async () => {
      const given = await parameters();
      openedWith = given.token;
      return { ...given, ...(orderToken === undefined ? {} : { orderToken }) };
    },
  });

  function tell(): void {
    const next = stateOf(client.connectionState.get(), followers);
    if (next !== connection.get()) connection.set(next);
  }
  client.connectionState.subscribe({ next: tell });

  const reopen = (): void => client.connection?.ws?.close();

  /** A connection that was open without a network may lead nowhere now: it opens anew like one that was lost. */
  const onOnline = (): void => {
    if (endPause) endPause();
    else reopen();
  };
  const page = globalThis as Page;
  page.addEventListener?.('online', onOnline);

  return {
    client,
    connection: { state: connection.get, subscribe: connection.subscribe },
    openedWith: (): string | undefined => openedWith,
    carry(token) {
      if (orderToken === token) return;
      orderToken = token;
      reopen();
    },
    reopen,
    isClosed: (): boolean => closed,

    follow() {
      followers += 1;
      clearTimeout(giveUp);
      endPause?.();
      tell();
      return () => {
        followers -= 1;
        // The transport itself would try for ever. The next page may follow something else: not at once.
        if (followers === 0 && !closed) giveUp = setTimeout(() => void client.close(), IDLE_CLOSE_MS);
        tell();
      };
    },

    async close() {
      closed = true;
      clearTimeout(giveUp);
      page.removeEventListener?.('online', onOnline);
      const closing = client.close();
      endPause?.();
      await closing;
    },
  };
}

function stateOf(
  { state, error }: ReturnType<TRPCWebSocketClient['connectionState']['get']>,
  followers: number,
): ConnectionState {
  if (state === 'pending') return 'open';
  if (state === 'idle' || followers === 0) return 'idle';
  return error ? 'closed' : 'connecting';
}

/** Doubles with each failure, with jitter so that those cut together do not come back together. */
const delayOf = (attempt: number): number =>
  attempt === 0
    ? RECONNECT_FIRST_MS * Math.random()
    : Math.min(RECONNECT_MAX_MS, 250 * 2 ** attempt) * (0.5 + Math.random() / 2);
