import { createTRPCClient, httpBatchLink, httpLink, splitLink, wsLink, type TRPCClient } from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from './app-router.ts';
import { describeError, isCartwrightError } from './errors.ts';
import { createSessionLink } from './links.ts';
import { createPublicReads } from './public-reads.ts';
import { createRetryLink } from './retry-link.ts';
import { createLiveSocket, type ConnectionState } from './live-socket.ts';
import { orderIdOf } from './order-tokens.ts';
import { createSessionStore, type Session, type SignedOutReason } from './session.ts';
import { memoryTokenStorage, type TokenStorage } from './storage.ts';
import { timedFetch } from './timed-fetch.ts';
import { createSubscriptionLink } from './subscriptions.ts';

export interface CartwrightOptions {
  /** Where the shop's API answers, such as `https://shop.example`; empty for the page's own origin. */
  url: string;
  /** Where its WebSocket answers, when not at the same place. */
  wsUrl?: string;
  /** Where tokens are kept; in memory by default. */
  storage?: TokenStorage;
  /** Told when the session ended without the user asking: revoked, banned, or unused for too long. */
  onSignedOut?: (reason: SignedOutReason) => void;
  /**
   * Asked when a dangerous call wants the user to show again who they are: have them give their password or a code, call
   * `auth.stepUp`, and answer true; the call is sent again. Without it, and for false, it rejects with STEP_UP_REQUIRED.
   */
  onStepUp?: () => Promise<boolean>;
  /** Headers for every HTTP call. */
  headers?: Record<string, string>;
  fetch?: typeof fetch;
  /**
   * How long each try of a call waits for the beginning of its answer, in milliseconds. A call that may be repeated is tried
   * again within its first 10 s; then it rejects with NETWORK. A minute by default.
   */
  timeoutMs?: number;
  /** Needed where there is no global WebSocket: Node 20 and older. */
  WebSocket?: typeof WebSocket;
}

const MAX_BATCH = 10;
const MAX_URL_LENGTH = 4_000;
/** Longer than the proxies in front of a shop wait for it. */
const TIMEOUT_MS = 60_000;
/** Other calls, and other tabs, wait for a refresh: it must end. */
const REFRESH_TIMEOUT_MS = 15_000;
/** Where there is no WebSocket. */
const NO_CONNECTION: Cartwright['connection'] = { state: () => 'idle', subscribe: () => () => undefined };

/**
 * A typed client of one shop. `api` has every procedure (`query`, `mutate`, `subscribe`); tokens, refreshing, the
 * guest's cart and reconnecting are taken care of. Calls reject with a `CartwrightError`.
 */
export function createCartwright(options: CartwrightOptions): Cartwright {
  const base = options.url.replace(/\/$/, '');
  const url = `${base}/trpc`;
  const send = timedFetch(options.fetch ?? globalThis.fetch, options.timeoutMs ?? TIMEOUT_MS);
  const transport = {
    url,
    transformer: superjson,
    // The same values; tRPC's type of them says `undefined` where the standard says absent.
    fetch: (input: string | URL | Request, init?: object) => send(input, init as RequestInit | undefined),
  };

  // Refreshing goes past the session link, which waits for it.
  const bare = createTRPCClient<AppRouter>({ links: [httpLink({ ...transport, headers: options.headers ?? {} })] });
  const session = createSessionStore({
    storage: options.storage ?? memoryTokenStorage(),
    exchange: async (refreshToken) => {
      const timeout = new AbortController();
      const timer = setTimeout(() => timeout.abort(), REFRESH_TIMEOUT_MS);
      return bare.auth.refresh.mutate({ refreshToken }, { signal: timeout.signal }).finally(() => clearTimeout(timer));
    },
    refusalOf,
    onSignedOut: options.onSignedOut,
  });

  const WebSocket = options.WebSocket ?? (globalThis as { WebSocket?: typeof globalThis.WebSocket }).WebSocket;
  const socket =
    WebSocket &&
    createLiveSocket({
      url: options.wsUrl ?? socketUrl(base),
      WebSocket,
      parameters: async () => {
        const [token, cartToken] = await Promise.all([session.accessToken(), session.cartToken()]);
        return { ...(token ? { token } : {}), ...(cartToken ? { cartToken } : {}) };
      },
    });

  // A socket's rights are fixed when it opens: after signing in or out it has to open anew.
  let identity = session.current()?.sessionId;
  const stopFollowing = session.subscribe((now) => {
    if (now?.sessionId === identity) return;
    identity = now?.sessionId;
    socket?.reopen();
  });

  const headers = async (): Promise<Record<string, string>> => {
    const token = session.token();
    const cartToken = await session.cartToken();
    return {
      ...options.headers,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(cartToken ? { 'x-cart-token': cartToken } : {}),
    };
  };
  const orderTokenFor = (path: string, input: unknown): string | undefined => {
    const orderId = orderIdOf(path, input);
    return orderId === undefined ? undefined : session.orderToken(orderId);
  };
  const publicReads = createPublicReads({ now: () => performance.now() });
  const api = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: socket
          ? [createSubscriptionLink({ session, socket }), wsLink({ client: socket.client, transformer: superjson })]
          : createSubscriptionLink({ session, socket: undefined }),
        false: splitLink({
          condition: publicReads.takes,
          // Who asks is nobody's business, and no reason to wait for a token.
          true: [createRetryLink(), httpLink({ ...transport, headers: options.headers ?? {} })],
          false: [
            createSessionLink(session, { onStepUp: options.onStepUp }),
            splitLink({
              // One header for all calls of a batch: those about a guest's order go by themselves.
              condition: ({ path, input }) => orderTokenFor(path, input) !== undefined,
              true: httpLink({
                ...transport,
                headers: async ({ op }) => {
                  const orderToken = orderTokenFor(op.path, op.input);
                  return { ...(await headers()), ...(orderToken === undefined ? {} : { 'x-order-token': orderToken }) };
                },
              }),
              false: httpBatchLink({ ...transport, maxItems: MAX_BATCH, maxURLLength: MAX_URL_LENGTH, headers }),
            }),
          ],
        }),
      }),
    ],
  });

  return {
    api,
    session: { current: session.current, subscribe: session.subscribe, ready: session.ready },
    orders: { keepToken: session.keepOrderToken, token: session.orderToken },
    connection: socket?.connection ?? NO_CONNECTION,
    close: async () => {
      stopFollowing();
      session.close();
      await socket?.close();
    },
  };
}

/** A client of one shop, as `createCartwright` makes it. */
export interface Cartwright {
  /** Every procedure of the shop, typed: `api.orders.byId.query({ orderId })`. */
  readonly api: TRPCClient<AppRouter>;
  readonly session: {
    /** Who is signed in now; null for guests. */
    current(): Session | null;
    /** Calls back on each sign-in and sign-out; returns how to stop. */
    subscribe(listener: (session: Session | null) => void): () => void;
    /** Resolves when stored tokens have been read. */
    ready(): Promise<void>;
  };
  /** Orders of a guest: calls that name one by its `orderId` carry its token by themselves. */
  readonly orders: {
    /** Keeps the token of a mailed link; one that `orders.place` answers is kept already. */
    keepToken(orderId: string, token: string): Promise<void>;
    /** The token of an order, for `orders.claim`; undefined when none is known here. */
    token(orderId: string): string | undefined;
  };
  readonly connection: {
    state(): ConnectionState;
    /** Calls back when the live connection opens, is lost or closes; returns how to stop. */
    subscribe(listener: (state: ConnectionState) => void): () => void;
  };
  /** Ends subscriptions and closes the live connection. */
  close(): Promise<void>;
}

function refusalOf(error: unknown): SignedOutReason | null {
  if (error instanceof Error && 'data' in error) describeError(error as Parameters<typeof describeError>[0]);
  if (!isCartwrightError(error)) return null;
  const { reason } = error;
  return reason === 'SESSION_REVOKED' || reason === 'REFRESH_TOKEN_INVALID' || reason === 'REFRESH_TOKEN_REUSED'
    ? reason
    : null;
}

function socketUrl(base: string): string {
  const { location } = globalThis as { location?: { origin: string } };
  const absolute = base === '' ? (location?.origin ?? '') : base;
  return `${absolute.replace(/^http/, 'ws')}/trpc`;
}
