import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSessionStore, expiresAt } from './session.ts';
import { memoryTokenStorage, type StoredTokens, type StoredUser } from './storage.ts';

const user: StoredUser = {
  id: 'u1',
  email: 'ada@example.test',
  name: 'Ada',
  role: 'customer',
  emailVerified: true,
  createdAt: new Date(0),
};
const NOW = 1_700_000_000_000;
const tokenEndingIn = (seconds: number) =>
  `x.${btoa(JSON.stringify({ exp: Math.floor(NOW / 1000) + seconds }))}.signature`;

class Refused extends Error {}

function storeWith(options: { accessSeconds: number; exchange?: (used: string) => Promise<string> }) {
  const storage = memoryTokenStorage({
    accessToken: tokenEndingIn(options.accessSeconds),
    refreshToken: 'refresh-1',
    sessionId: 's1',
    user,
  });
  const used: string[] = [];
  const signedOut: string[] = [];
  const store = createSessionStore({
    storage,
    now: () => NOW,
    exchange: async (refreshToken) => {
      used.push(refreshToken);
      const next = await (options.exchange ?? (async () => 'refresh-2'))(refreshToken);
      return { accessToken: tokenEndingIn(600), refreshToken: next, sessionId: 's1' };
    },
    refusalOf: (error) => (error instanceof Refused ? 'REFRESH_TOKEN_REUSED' : null),
    onSignedOut: (reason) => signedOut.push(reason),
  });
  return { store, storage, used, signedOut };
}

describe('the session store', () => {
  it('hands out a good token without asking the shop', async () => {
    const { store, used } = storeWith({ accessSeconds: 300 });
    expect(await store.accessToken()).toBe(tokenEndingIn(300));
    expect(used).toEqual([]);
  });

  it('refreshes a dying token once for all callers', async () => {
    const { store, storage, used } = storeWith({ accessSeconds: 5 });
    const tokens = await Promise.all(Array.from({ length: 20 }, () => store.accessToken()));
    expect(new Set(tokens)).toEqual(new Set([tokenEndingIn(600)]));
    expect(used).toEqual(['refresh-1']);
    expect((await storage.load()).refreshToken).toBe('refresh-2');
  });

  it('takes over the pair that another tab got in the meantime', async () => {
    const { store, storage, used } = storeWith({ accessSeconds: 300 });
    await store.ready();
    await storage.save({ ...(await storage.load()), accessToken: tokenEndingIn(900), refreshToken: 'refresh-9' });
    await store.refresh();
    expect(used).toEqual([]);
    expect(await store.accessToken()).toBe(tokenEndingIn(900));
  });

  it('signs out, and says why, when the shop refuses the refresh token', async () => {
    const { store, storage, signedOut } = storeWith({
      accessSeconds: 5,
      exchange: async () => Promise.reject(new Refused()),
    });
    const seen: (string | undefined)[] = [];
    store.subscribe((session) => seen.push(session?.sessionId));
    expect(await store.accessToken()).toBeUndefined();
    expect(signedOut).toEqual(['REFRESH_TOKEN_REUSED']);
    expect(seen).toEqual(['s1', undefined]);
    expect(await storage.load()).toEqual({});
  });

  it('stays signed in when the shop could not be reached', async () => {
    const { store, signedOut } = storeWith({
      accessSeconds: 5,
      exchange: async () => Promise.reject(new Error('offline')),
    });
    expect(await store.accessToken()).toBe(tokenEndingIn(5));
    expect(signedOut).toEqual([]);
    expect(store.current()?.user.id).toBe('u1');
  });

  it('drops the guest cart token at sign-in, since the cart was merged', async () => {
    const { store, storage } = storeWith({ accessSeconds: 300 });
    await store.keepCartToken('cart-token');
    const answer = { accessToken: tokenEndingIn(600), refreshToken: 'r', sessionId: 's2', user };
    await store.signedIn({ ...answer, cartMerged: true });
    expect(await storage.load()).not.toHaveProperty('cartToken');
    expect(store.current()?.sessionId).toBe('s2');
  });

  it('keeps the token of a guest cart that was opened while signing in, and of one that was not merged', async () => {
    const { store, storage } = storeWith({ accessSeconds: 300 });
    const answer = { accessToken: tokenEndingIn(600), refreshToken: 'r', sessionId: 's2', user };
    await store.keepCartToken('cart-token');
    await store.signedIn(answer);
    expect(await storage.load()).toMatchObject({ cartToken: 'cart-token' });
    await store.signedIn({ ...answer, cartMerged: false });
    await store.signOut();
    expect(await storage.load()).toEqual({ cartToken: 'cart-token' });
  });

  it('forgets a refreshed pair when the user signed out, or in as another, meanwhile', async () => {
    const answers: ((token: string) => void)[] = [];
    const { store, storage, signedOut } = storeWith({
      accessSeconds: 300,
      exchange: () => new Promise((resolve) => answers.push(resolve)),
    });
    await store.ready();
    const leaving = store.refresh();
    await expect.poll(() => answers.length).toBe(1);
    await store.signOut();
    answers[0]?.('refresh-2');
    await leaving;
    expect(await storage.load()).toEqual({});
    expect(await store.accessToken()).toBeUndefined();
    expect(signedOut).toEqual([]);
  });

  it('does not mistake an older read of slow storage for news', async () => {
    let stored: StoredTokens = {};
    let onChange = (): void => undefined;
    const reads: (() => void)[] = [];
    const store = createSessionStore({
      storage: {
        load: () => {
          const seen = stored;
          return new Promise((resolve) => reads.push(() => resolve(seen)));
        },
        save: (next) => void (stored = next),
        watch: (listener) => {
          onChange = listener;
          return () => undefined;
        },
      },
      exchange: async () => Promise.reject(new Error('not asked')),
      refusalOf: () => null,
    });
    onChange();
    await expect.poll(() => reads.length).toBe(1);
    await store.signedIn({ accessToken: tokenEndingIn(600), refreshToken: 'r', sessionId: 's2', user });
    for (const read of reads) read();
    await expect.poll(() => stored.sessionId).toBe('s2');
    expect(store.current()?.sessionId).toBe('s2');
  });

  it('refreshes no more often when the clock of the device is wrong', async () => {
    const HOUR = 3_600;
    const issued = Math.floor(NOW / 1000) - HOUR;
    const fresh = `x.${btoa(JSON.stringify({ iat: issued, exp: issued + 600 }))}.signature`;
    let asked = 0;
    const store = createSessionStore({
      storage: memoryTokenStorage({ accessToken: fresh, refreshToken: 'r', sessionId: 's1', user }),
      now: () => NOW,
      exchange: async () => {
        asked += 1;
        return { accessToken: fresh, refreshToken: 'r2', sessionId: 's1' };
      },
      refusalOf: () => null,
    });
    for (let call = 0; call < 5; call += 1) await store.accessToken();
    expect(asked).toBe(1);
  });
});

describe('expiresAt', () => {
  it('reads the end of a token, and treats what it can not read as ended', () => {
    expect(expiresAt(tokenEndingIn(60))).toBe(Math.floor(NOW / 1000) * 1000 + 60_000);
    expect(expiresAt('nonsense')).toBe(0);
    expect(expiresAt('a.b.c')).toBe(0);
  });
});

describe('tabs of a browser without locks', () => {
  it('refresh once for all of them', async () => {
    vi.stubGlobal('navigator', {});
    onTestFinished(() => void vi.unstubAllGlobals());
    let stored: StoredTokens = {
      accessToken: tokenEndingIn(5),
      refreshToken: 'refresh-1',
      sessionId: 's1',
      user,
    };
    const storage = { load: async () => stored, save: async (next: StoredTokens) => void (stored = next) };
    const used: string[] = [];
    const tabs = Array.from({ length: 3 }, () =>
      createSessionStore({
        storage,
        now: () => NOW,
        exchange: async (refreshToken) => {
          used.push(refreshToken);
          return { accessToken: tokenEndingIn(600), refreshToken: 'refresh-2', sessionId: 's1' };
        },
        refusalOf: () => null,
      }),
    );
    expect(await Promise.all(tabs.map((tab) => tab.accessToken()))).toEqual(tabs.map(() => tokenEndingIn(600)));
    expect(used).toEqual(['refresh-1']);
  });
});
