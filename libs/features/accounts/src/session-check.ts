import type { Session, SessionStore } from './session-store.ts';

/** How long a session that was found alive may be taken for alive without another look. */
const MAX_AGE_MS = 500;
/** Sessions remembered at most; the oldest make room. */
const REMEMBERED = 10_000;

/**
 * Looks at the session of each call. A yes is remembered for half a second, counted from when it was asked for, and only
 * while this process hears of sessions that end: so revocation holds within that time whatever happens to the channel. A
 * no is never remembered.
 */
export function createSessionCheck(options: {
  sessions: Pick<SessionStore, 'touch'>;
  /** Milliseconds of a clock that nobody sets; `performance.now` by default. */
  now?: () => number;
}) {
  const { sessions, now = () => performance.now() } = options;
  const alive = new Map<string, { session: Session; askedAt: number }>();
  /** Looks under way: one that was overtaken by an end says nothing any more. */
  const looks = new Map<string, symbol>();
  let listening = false;

  async function look(id: string): Promise<Session | null> {
    const askedAt = now();
    const mine = Symbol(id);
    looks.set(id, mine);
    try {
      const session = await sessions.touch(id);
      if (session && listening && looks.get(id) === mine) {
        // Put anew, so that the first of the map is the oldest.
        alive.delete(id);
        alive.set(id, { session, askedAt });
        if (alive.size > REMEMBERED) alive.delete(alive.keys().next().value ?? id);
      }
      return session;
    } finally {
      if (looks.get(id) === mine) looks.delete(id);
    }
  }

  return {
    /** The session, null when it has ended. `fresh` asks for it as it is now. Rejects when nobody can tell. */
    find(id: string, { fresh }: { fresh: boolean } = { fresh: false }): Promise<Session | null> {
      const known = fresh ? undefined : alive.get(id);
      if (known && now() - known.askedAt < MAX_AGE_MS) return Promise.resolve(known.session);
      return look(id);
    },

    /** The session ended or changed. */
    forget(id: string): void {
      alive.delete(id);
      looks.delete(id);
    },

    /** Whether ends on other instances are heard from now on. */
    setListening(on: boolean): void {
      listening = on;
      alive.clear();
      looks.clear();
    },
  };
}

export type SessionCheck = ReturnType<typeof createSessionCheck>;
