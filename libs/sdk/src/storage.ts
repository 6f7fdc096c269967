/** What the SDK keeps between visits. */
export interface StoredTokens {
  accessToken?: string;
  refreshToken?: string;
  sessionId?: string;
  user?: StoredUser;
  /** The guest's cart, until it is merged at sign-in. */
  cartToken?: string;
  /** What opens guests' orders, by the order's id. */
  orderTokens?: Record<string, string>;
}

/** The signed-in user as last told by the server. */
export interface StoredUser {
  id: string;
  email: string;
  name: string;
  role: 'customer' | 'staff' | 'admin';
  emailVerified: boolean;
  createdAt: Date;
}

/** Where tokens live. Implement it for a device's secure storage; both methods may be asynchronous. */
export interface TokenStorage {
  load(): StoredTokens | Promise<StoredTokens>;
  save(tokens: StoredTokens): void | Promise<void>;
  /** Calls back when another tab or process changed the tokens; returns how to stop. */
  watch?(onChange: () => void): () => void;
  /** False when nobody else sees these tokens: refreshing them needs no lock then. */
  readonly shared?: boolean;
}

/** Tokens in memory: gone with the process. The default outside browsers. */
export function memoryTokenStorage(initial: StoredTokens = {}): TokenStorage {
  let tokens = initial;
  return {
    load: () => tokens,
    save: (next) => {
      tokens = next;
    },
    shared: false,
  };
}

/** The part of a browser that is needed; named here since the SDK also runs where there is none. */
interface Browser {
  localStorage: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
  };
  addEventListener(type: 'storage', listener: (event: { key: string | null }) => void): void;
  removeEventListener(type: 'storage', listener: (event: { key: string | null }) => void): void;
}

/** Tokens in the browser's localStorage, shared by all tabs of the shop. */
export function browserTokenStorage(key = 'cartwright'): TokenStorage {
  const browser = globalThis as typeof globalThis & Browser;
  // Asked for each time: where a page may not use it, even naming it throws, and the shop must start all the same.
  return {
    load: () => parseTokens(browser.localStorage.getItem(key)),
    save: (tokens) => {
      if (Object.keys(tokens).length === 0) browser.localStorage.removeItem(key);
      else browser.localStorage.setItem(key, JSON.stringify(tokens));
    },
    watch: (onChange) => {
      const listener = (event: { key: string | null }) => {
        if (event.key === key || event.key === null) onChange();
      };
      browser.addEventListener('storage', listener);
      return () => browser.removeEventListener('storage', listener);
    },
  };
}

/** A key-value store that answers later, as `AsyncStorage` of React Native does. */
export interface AsyncStore {
  getItem(key: string): Promise<string | null>;
  setItem(key: string, value: string): Promise<unknown>;
  removeItem(key: string): Promise<unknown>;
}

/**
 * Tokens in a store that answers later: `asyncTokenStorage(AsyncStorage)`, or a device's secure store behind the same three
 * methods. Calls wait until it has been read.
 */
export function asyncTokenStorage(store: AsyncStore, key = 'cartwright'): TokenStorage {
  return {
    load: async () => parseTokens(await store.getItem(key)),
    save: async (tokens) => {
      if (Object.keys(tokens).length === 0) await store.removeItem(key);
      else await store.setItem(key, JSON.stringify(tokens));
    },
    shared: false,
  };
}

function parseTokens(text: string | null): StoredTokens {
  if (text === null) return {};
  try {
    const tokens = JSON.parse(text) as StoredTokens;
    if (tokens.user) tokens.user.createdAt = new Date(tokens.user.createdAt);
    return tokens;
  } catch {
    // Damaged storage means signed out, never a shop that can't start.
    return {};
  }
}
