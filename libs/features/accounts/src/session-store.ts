import { isRole, type Role } from '@cartwright/domain-permissions';
import type { Redis } from '@cartwright/platform-redis';
import { hashToken } from '@cartwright/platform-security';
import { banStateAt, type Ban } from './ban.ts';
import type { RefreshToken } from './refresh-token.ts';
import { createSessionScript, rotateScript, updateSessionScript, type RotationOutcome } from './session-scripts.ts';

/** What sessions know of their user, so that a change acts at once, whatever the tokens say. */
export interface Standing {
  readonly role: Role;
  readonly emailVerified: boolean;
  /** When the user is banned, now or later: the session is none from then on, without anybody ending it. */
  readonly ban?: Pick<Ban, 'from' | 'until'> | undefined;
}

/** A signed-in device. */
export interface Session extends Standing {
  readonly id: string;
  readonly userId: string;
  readonly deviceName: string;
  readonly ip: string;
  /** ISO 3166-1 alpha-2, empty where no trusted proxy names it. */
  readonly country: string;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  /** Until when dangerous actions need no fresh proof of who is there. */
  readonly stepUpUntil: Date;
  /** Until when this session counts as having shown a code of the authenticator app; absent when it never did. */
  readonly codeShownUntil?: Date;
  /** The end of the whole family of refresh tokens. */
  readonly endsAt: Date;
}

/** How long a rotated token may be presented again, when its answer was lost. */
const RETRY_GRACE_MS = 30_000;
const SESSIONS_PER_USER = 50;
/** `lastSeenAt` is no more exact than this, so that reading a session rarely writes. */
const LAST_SEEN_STEP_MS = 60_000;

/** A standing as fields of the session's hash; those of a part of it. A ban that is named and undefined is none. */
function standingFields(standing: Partial<Standing>): Record<string, string> {
  const { role, emailVerified, ban } = standing;
  return {
    ...(role === undefined ? {} : { role }),
    ...(emailVerified === undefined ? {} : { emailVerified: emailVerified ? '1' : '0' }),
    ...('ban' in standing
      ? {
          banFrom: ban ? String(ban.from.getTime()) : '',
          banUntil: ban?.until ? String(ban.until.getTime()) : '',
        }
      : {}),
  };
}

function banOf({ banFrom = '', banUntil = '' }: Readonly<Record<string, string>>): Pick<Session, 'ban'> {
  if (banFrom === '') return {};
  const until = banUntil === '' ? {} : { until: new Date(Number(banUntil)) };
  return { ban: { from: new Date(Number(banFrom)), ...until } };
}

const hashOf = ({ secret }: RefreshToken): string => hashToken(secret);

const parseSession = (id: string, fields: Readonly<Record<string, string>>): Session | null => {
  const { userId, role, emailVerified, deviceName = '', ip = '', country = '', userAgent = '' } = fields;
  if (userId === undefined || !isRole(role)) return null;
  const dateOf = (value: string | undefined): Date => new Date(Number(value ?? 0));
  return {
    id,
    userId,
    role,
    emailVerified: emailVerified === '1',
    ...banOf(fields),
    deviceName,
    ip,
    country,
    userAgent,
    createdAt: dateOf(fields.createdAt),
    lastSeenAt: dateOf(fields.lastSeenAt),
    stepUpUntil: dateOf(fields.stepUpUntil),
    ...(fields.codeShownUntil === undefined ? {} : { codeShownUntil: dateOf(fields.codeShownUntil) }),
    endsAt: dateOf(fields.endsAt),
  };
};

/** Sessions in Redis: one hash each, and per user the ids of all. */
export function createSessionStore(options: {
  redis: Pick<Redis, 'client' | 'key'>;
  idleSeconds: number;
  /** Told at once of sessions that this process ends or changes; others hear of them by the channel. */
  onEnded: (sessionId: string) => void;
  clock: () => Date;
}) {
  const { redis, idleSeconds, onEnded, clock } = options;
  const { client } = redis;
  const sessionKey = (id: string): string => redis.key('session', id);
  const userKey = (userId: string): string => redis.key('sessions-of', userId);
  const channel = redis.key('session-ended');

  async function end(userId: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const work = client
      .multi()
      .del(...ids.map(sessionKey))
      .zrem(userKey(userId), ...ids);
    for (const id of ids) work.publish(channel, id);
    await work.exec();
    ids.forEach(onEnded);
  }

  /** A session; none when its user is banned by now: then it ends, whether or not the job came that had to end it. */
  async function load(id: string): Promise<Session | null> {
    const session = parseSession(id, await client.hgetall(sessionKey(id)));
    if (!session || banStateAt(session.ban, clock()) !== 'active') return session;
    await end(session.userId, [id]);
    return null;
  }

  /** The user's sessions, the latest first. */
  async function listOf(userId: string): Promise<Session[]> {
    const ids = await client.zrange(userKey(userId), 0, '-1', 'REV');
    const sessions = await Promise.all(ids.map(load));
    const gone = ids.filter((_, index) => sessions[index] === null);
    if (gone.length > 0) await client.zrem(userKey(userId), ...gone);
    return sessions.filter((session) => session !== null);
  }

  return {
    /** Sessions that end or change are announced here by their id, for those who hold sockets open. */
    endedChannel: channel,

    async create(session: Session, token: RefreshToken): Promise<void> {
      const { id, createdAt, lastSeenAt, stepUpUntil, codeShownUntil, endsAt, ...others } = session;
      const { role, emailVerified, ban, ...facts } = others;
      const fields = {
        ...facts,
        ...standingFields({ role, emailVerified, ban }),
        createdAt: String(createdAt.getTime()),
        lastSeenAt: String(lastSeenAt.getTime()),
        stepUpUntil: String(stepUpUntil.getTime()),
        ...(codeShownUntil === undefined ? {} : { codeShownUntil: String(codeShownUntil.getTime()) }),
        endsAt: String(endsAt.getTime()),
        current: hashOf(token),
        rotatedAt: '0',
      };
      const { userId } = session;
      const listed = await createSessionScript.run(
        client,
        [sessionKey(id), userKey(userId)],
        [id, createdAt.getTime(), idleSeconds * 1_000, ...Object.entries(fields).flat()],
      );
      if (listed <= SESSIONS_PER_USER) return;
      // Those that ended by themselves take no living one's place.
      const surplus = (await listOf(userId)).slice(SESSIONS_PER_USER);
      await end(
        userId,
        surplus.map((oldest) => oldest.id),
      );
    },

    load,

    /** Reads a session for a call made in it, and notes that it was seen. */
    async touch(id: string): Promise<Session | null> {
      const session = await load(id);
      const now = clock().getTime();
      if (session && now - session.lastSeenAt.getTime() >= LAST_SEEN_STEP_MS) {
        await updateSessionScript.run(client, [sessionKey(id)], ['lastSeenAt', now]);
      }
      return session;
    },

    /** Notes that the user has just shown who they are; whether by a code of the authenticator app. */
    async stepUp(id: string, until: Date, { byCode }: { byCode: boolean }): Promise<void> {
      const at = until.getTime();
      const fields = ['stepUpUntil', at, ...(byCode ? ['codeShownUntil', at] : [])];
      await updateSessionScript.run(client, [sessionKey(id)], fields);
    },

    /** Exchanges a refresh token for its successor: one script compares and rotates. */
    rotate(token: RefreshToken, successor: RefreshToken): Promise<RotationOutcome> {
      return rotateScript.run(
        client,
        [sessionKey(token.sessionId)],
        [
          hashOf(token),
          hashOf(successor),
          clock().getTime(),
          RETRY_GRACE_MS,
          idleSeconds * 1_000,
          channel,
          token.sessionId,
        ],
      );
    },

    listOf,

    end,

    /** Ends all sessions of a user, at once; all but one when that is named. */
    async endAllOf(userId: string, { except }: { except?: string } = {}): Promise<void> {
      const ids = await client.zrange(userKey(userId), 0, '-1');
      await end(
        userId,
        ids.filter((id) => id !== except),
      );
    },

    /**
     * Carries a change of standing into the user's sessions: it holds from their next call on. Their sockets are opened
     * anew. What is not named stays as it is, so that one change never takes another one back.
     */
    async setStanding(userId: string, standing: Partial<Standing>): Promise<void> {
      const fields = Object.entries(standingFields(standing)).flat();
      for (const id of await client.zrange(userKey(userId), 0, '-1')) {
        await updateSessionScript.run(client, [sessionKey(id)], fields);
        await client.publish(channel, id);
        onEnded(id);
      }
    },
  };
}

export type SessionStore = ReturnType<typeof createSessionStore>;
