import { createEmitter } from './emitter.ts';
import type { StoredTokens, StoredUser, TokenStorage } from './storage.ts';

/** Who is signed in. */
export interface Session {
  readonly user: StoredUser;
  readonly sessionId: string;
}

/** Why the SDK signed out by itself. */
export type SignedOutReason = 'SESSION_REVOKED' | 'REFRESH_TOKEN_INVALID' | 'REFRESH_TOKEN_REUSED';

/** Refresh this long before the access token ends, so that no call is sent with a dying token. */
const EARLY_MS = 15_000;

interface Refreshed {
  accessToken: string;
  refreshToken: string;
  sessionId: string;
}

/**
 * Keeps tokens, refreshes them with a single flight (over all tabs where the Web Locks API exists) and tells who is
 * signed in. `exchange` asks the shop for the next pair; it throws an error with a reason.
 */
export function createSessionStore(options: {
  storage: TokenStorage;
  exchange: (refreshToken: string) => Promise<Refreshed>;
  refusalOf: (error: unknown) => SignedOutReason | null;
  onSignedOut?: ((reason: SignedOutReason) => void) | undefined;
  now?: () => number;
}) {
  const { storage, exchange, refusalOf, onSignedOut, now = Date.now } = options;
  const session = createEmitter<Session | null>(null);
  let tokens: StoredTokens = {};
  let refreshing: Promise<void> | null = null;
  let loading: Promise<void> | null = null;

  function adopt(next: StoredTokens): void {
    tokens = next;
    const current = session.get();
    const { user, sessionId } = next;
    // Stored users are read anew by each tab: equal content is no change.
    const changed = current?.sessionId !== sessionId || JSON.stringify(current?.user) !== JSON.stringify(user);
    if (changed) session.set(user && sessionId ? { user, sessionId } : null);
  }

  async function load(): Promise<void> {
    adopt(await storage.load());
  }
  const ready = (): Promise<void> => (loading ??= load());

  async function save(next: StoredTokens): Promise<void> {
    adopt(next);
    await storage.save(next);
  }

  async function exchangeUnderLock(used: string): Promise<void> {
    // Another tab may have refreshed while this one waited for the lock: its pair is as good.
    await load();
    if (tokens.refreshToken !== used) return;
    try {
      const next = await exchange(used);
      await save({ ...tokens, ...next });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) await signOut(refusal);
      throw error;
    }
  }

  async function signOut(reason?: SignedOutReason): Promise<void> {
    if (!tokens.refreshToken && !tokens.accessToken) return;
    await save({});
    if (reason) onSignedOut?.(reason);
  }

  function refresh(): Promise<void> {
    const used = tokens.refreshToken;
    if (used === undefined) return Promise.resolve();
    refreshing ??= locked(() => exchangeUnderLock(used)).finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  const stopWatching = storage.watch?.(() => void load());

  return {
    current: session.get,
    subscribe: session.subscribe,
    ready,
    refresh,
    signOut,

    /** An access token good for a call now, refreshed when it is about to end; undefined for guests. */
    async accessToken(): Promise<string | undefined> {
      await ready();
      if (tokens.accessToken === undefined) return undefined;
      if (expiresAt(tokens.accessToken) - now() < EARLY_MS) {
        // A failed refresh is told by the call that follows: it is answered 401 or sent as a guest.
        await refresh().catch(() => undefined);
      }
      return tokens.accessToken;
    },

    async cartToken(): Promise<string | undefined> {
      await ready();
      return tokens.cartToken;
    },

    /** The answer of a sign-in. A merged guest cart's token is done with; one that was not merged is kept for next time. */
    async signedIn(answer: Refreshed & { user: StoredUser; cartMerged?: boolean | undefined }): Promise<void> {
      const { accessToken, refreshToken, sessionId, user, cartMerged } = answer;
      const { cartToken } = tokens;
      const kept = cartMerged === false && cartToken !== undefined ? { cartToken } : {};
      await save({ accessToken, refreshToken, sessionId, user, ...kept });
    },

    async keepCartToken(cartToken: string): Promise<void> {
      await ready();
      await save({ ...tokens, cartToken });
    },

    close(): void {
      stopWatching?.();
    },
  };
}

export type SessionStore = ReturnType<typeof createSessionStore>;

/** When a JWT ends, in milliseconds since 1970; 0 when that can't be read. */
export function expiresAt(token: string): number {
  const payload = token.split('.')[1];
  if (payload === undefined) return 0;
  try {
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp?: number };
    return (claims.exp ?? 0) * 1000;
  } catch {
    return 0;
  }
}

async function locked(work: () => Promise<void>): Promise<void> {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  if (!locks) return work();
  await locks.request('cartwright-refresh', work);
}
