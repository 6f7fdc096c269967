import { describe, expect, it, vi } from 'vitest';
import { user } from './session.fixture.ts';
import { createSessionStore } from './session.ts';
import { asyncTokenStorage, type AsyncStore } from './storage.ts';

/** A store that answers when the test lets it. */
function slowStore(initial: Record<string, string> = {}) {
  const values = new Map(Object.entries(initial));
  const { promise: open, resolve: release } = Promise.withResolvers<void>();
  const store: AsyncStore = {
    getItem: async (key) => {
      await open;
      return values.get(key) ?? null;
    },
    setItem: async (key, value) => void values.set(key, value),
    removeItem: async (key) => void values.delete(key),
  };
  return { store, values, release };
}

const tokens = { accessToken: 'a', refreshToken: 'r', sessionId: 's', user };
const sessionIn = (store: AsyncStore) =>
  createSessionStore({
    storage: asyncTokenStorage(store),
    exchange: () => Promise.reject(new Error('offline')),
    refusalOf: () => null,
  });

describe('tokens in a store that answers later', () => {
  it('are waited for, and come back with their types', async () => {
    const { store, release } = slowStore({ cartwright: JSON.stringify(tokens) });
    const session = sessionIn(store);
    const listener = vi.fn();
    session.subscribe(listener);
    const ready = session.ready();
    expect(session.current()).toBeNull();
    release();
    await ready;
    expect(session.current()).toEqual({ user, sessionId: 's' });
    expect(session.current()?.user.createdAt).toBeInstanceOf(Date);
    expect(listener).toHaveBeenCalledOnce();
  });

  it('are kept, and gone after signing out', async () => {
    const { store, values, release } = slowStore();
    release();
    const session = sessionIn(store);
    await session.ready();
    await session.signedIn({ ...tokens, cartMerged: true });
    expect(await sessionIn(store).ready()).toBeUndefined();
    expect(JSON.parse(values.get('cartwright') ?? '')).toMatchObject({ refreshToken: 'r', sessionId: 's' });
    await session.signOut();
    expect(values.size).toBe(0);
  });

  it('that are damaged mean a guest', async () => {
    const { store, release } = slowStore({ cartwright: '{"accessToken":' });
    release();
    const session = sessionIn(store);
    await session.ready();
    expect(session.current()).toBeNull();
  });
});
