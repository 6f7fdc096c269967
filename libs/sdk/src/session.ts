import { createEmitter } from './emitter.ts';
import { exclusively } from './exclusively.ts';
import { withOrderToken, withoutOrderToken } from './order-tokens.ts';
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
 * Keeps tokens, refreshes them with a single flight over all tabs and tells who is signed in. `exchange` asks the shop for the next pair; it throws an error with a reason.
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
  let loading: Promise<boolean> | null = null;
  let saves = 0;
  let saving: Promise<void> = Promise.resolve();
  /** Whether the storage took what was saved last. Else memory knows better, and what the storage has is old. */
  let kept = true;
  /** How far the device's clock is ahead of the shop's, in milliseconds; a wrong one would make each token look dead. */
  let clockAhead = 0;
  /** Sign-outs under way. */
  let leaving = 0;

  function adopt(next: StoredTokens): void {
    tokens = next;
    const current = session.get();
    const { user, sessionId } = next;
    // Stored users are read anew by each tab: equal content is no change.
    const changed = current?.sessionId !== sessionId || JSON.stringify(current?.user) !== JSON.stringify(user);
    if (changed) session.set(user && sessionId ? { user, sessionId } : null);
  }

  /** Reads what is stored, unless something newer was saved meanwhile. False when the storage can't be read. */
  async function load(): Promise<boolean> {
    await saving;
    if (!kept) return true;
    const before = saves;
    let stored: StoredTokens;
    try {
      stored = await storage.load();
    } catch {
      return false;
    }
    if (before === saves) adopt(stored);
    return true;
  }

  /** Who can't be read now is a guest for this call; the next one asks again. */
  async function ready(): Promise<void> {
    if (!(await (loading ??= load()))) loading = null;
  }

  /** Never rejects for the storage's sake: tokens that it does not take are good in memory. */
  async function save(next: StoredTokens): Promise<void> {
    adopt(next);
    saves += 1;
    saving = saving
      .then(() => storage.save(next))
      .then(
        () => void (kept = true),
        () => void (kept = false),
      );
    await saving;
  }

  function setClock(accessToken: string): void {
    const { iat } = claimsOf(accessToken);
    clockAhead = iat === undefined ? 0 : now() - iat * 1000;
  }

  async function exchangeUnderLock(used: string): Promise<void> {
    // Another tab may have refreshed while this one waited for the lock: its pair is as good.
    await load();
    if (tokens.refreshToken !== used) return;
    try {
      const next = await exchange(used);
      await load();
      // Signed out, or in as somebody else, while the answer was under way: nobody wants it any more.
      if (tokens.refreshToken !== used) return;
      setClock(next.accessToken);
      await save({ ...tokens, ...next });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal && tokens.refreshToken === used) await signOut(refusal);
      throw error;
    }
  }

  async function signOut(reason?: SignedOutReason): Promise<void> {
    if (!tokens.refreshToken && !tokens.accessToken) return;
    // A guest's cart that was not merged stays; orders of a guest are nobody's business here any more.
    const { cartToken } = tokens;
    await save(cartToken === undefined ? {} : { cartToken });
    if (reason) onSignedOut?.(reason);
  }

  /** Signs out of the session of this access token; not when there is another by now, such as another tab's. */
  async function signOutOf(accessToken: string | undefined, reason?: SignedOutReason): Promise<void> {
    await load();
    // A session that ends while its user leaves ends as the user asked.
    if (tokens.accessToken === accessToken) await signOut(leaving > 0 ? undefined : reason);
  }

  function refresh(): Promise<void> {
    const used = tokens.refreshToken;
    if (used === undefined) return Promise.resolve();
    const work = () => exchangeUnderLock(used);
    refreshing ??= (storage.shared === false ? work() : exclusively('cartwright-refresh', work)).finally(() => {
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
    signOutOf,

    /** Notes that a sign-out is under way; the answer notes its end. */
    leave(): () => void {
      leaving += 1;
      return () => void (leaving -= 1);
    },

    /** An access token good for a call now, refreshed when it is about to end; undefined for guests. */
    async accessToken(): Promise<string | undefined> {
      await ready();
      if (tokens.accessToken === undefined) return undefined;
      if (expiresAt(tokens.accessToken) - (now() - clockAhead) < EARLY_MS) {
        // A failed refresh is told by the call that follows: it is answered 401 or sent as a guest.
        await refresh().catch(() => undefined);
      }
      return tokens.accessToken;
    },

    /** The access token as it is, good or not. */
    token: (): string | undefined => tokens.accessToken,

    /** Whether a change of the cart would open a new one, as guests without a token do. */
    hasNoCart: (): boolean => session.get() === null && tokens.cartToken === undefined,

    async cartToken(): Promise<string | undefined> {
      await ready();
      return tokens.cartToken;
    },

    /** The answer of a sign-in. A merged guest cart's token is done with; any other is kept for next time. */
    async signedIn(answer: Refreshed & { user: StoredUser; cartMerged?: boolean | undefined }): Promise<void> {
      const { accessToken, refreshToken, sessionId, user, cartMerged } = answer;
      const { cartToken, orderTokens } = tokens;
      const guest = {
        ...(cartMerged === true || cartToken === undefined ? {} : { cartToken }),
        // Till they are claimed.
        ...(orderTokens === undefined ? {} : { orderTokens }),
      };
      setClock(accessToken);
      await save({ accessToken, refreshToken, sessionId, user, ...guest });
    },

    async keepCartToken(cartToken: string): Promise<void> {
      // Read anew: another tab may have signed in since, and must not be signed out by this.
      await load();
      if (tokens.cartToken !== cartToken) await save({ ...tokens, cartToken });
    },

    /** The token of a guest's order, when it is known here. */
    orderToken: (orderId: string): string | undefined => tokens.orderTokens?.[orderId],

    async keepOrderToken(orderId: string, token: string): Promise<void> {
      await load();
      await save({ ...tokens, orderTokens: withOrderToken(tokens.orderTokens, orderId, token) });
    },

    async dropOrderToken(orderId: string): Promise<void> {
      await load();
      if (tokens.orderTokens?.[orderId] === undefined) return;
      const { orderTokens, ...rest } = tokens;
      const left = withoutOrderToken(orderTokens, orderId);
      await save(Object.keys(left).length === 0 ? rest : { ...rest, orderTokens: left });
    },

    close(): void {
      stopWatching?.();
    },
  };
}

export type SessionStore = ReturnType<typeof createSessionStore>;

/** When a JWT ends, in milliseconds since 1970; 0 when that can't be read. */
export const expiresAt = (token: string): number => (claimsOf(token).exp ?? 0) * 1000;

function claimsOf(token: string): { iat?: number; exp?: number } {
  const payload = token.split('.')[1];
  if (payload === undefined) return {};
  try {
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { iat?: number; exp?: number };
  } catch {
    return {};
  }
}
