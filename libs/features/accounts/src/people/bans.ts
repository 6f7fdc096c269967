import { DomainError } from '@cartwright/domain-errors';
import { newId, type Mongo } from '@cartwright/platform-mongo';
import type { AnyPendingEvent, Outbox } from '@cartwright/platform-outbox';
import type { AdminGuard } from '../admin-guard-repository.ts';
import { banStateAt, type Ban } from '../ban.ts';
import type { CarryStanding } from '../standing.ts';
import type { UserRepository } from '../user-repository.ts';
import type { User } from '../user.ts';
import type { SubjectOf } from './authority.ts';
import { userBanCanceled, userBanned, userBanScheduled, userUnbanned } from './people.events.ts';

/** A start so little ago is now: clocks differ, and people take a moment to press a button. */
const NOW_MS = 60_000;
const YEAR_MS = 366 * 24 * 3_600_000;
const SCHEDULED_MAX_MS = YEAR_MS;
const LENGTH_MAX_MS = 100 * YEAR_MS;
const SWEEP_PAGE = 200;

export interface BanInput {
  readonly userId: string;
  readonly reason: string;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

const wrong = (field: 'from' | 'until', message: string) =>
  new DomainError('INVALID_INPUT', { fields: { [field]: [message] } });

/** The dates of a ban. Throws INVALID_INPUT, naming the field, for those that are past or in the wrong order. */
export function banDates({ from, until }: Pick<BanInput, 'from' | 'until'>, now: Date): Pick<Ban, 'from' | 'until'> {
  const start = from && from.getTime() > now.getTime() ? from : now;
  if (from && now.getTime() - from.getTime() > NOW_MS) throw wrong('from', 'Must not be in the past');
  if (start.getTime() - now.getTime() > SCHEDULED_MAX_MS) throw wrong('from', 'Must be within a year');
  if (until === undefined) return { from: start };
  if (until <= now) throw wrong('until', 'Must not be in the past');
  if (until <= start) throw wrong('until', 'Must be after the start');
  if (until.getTime() - now.getTime() > LENGTH_MAX_MS) throw wrong('until', 'Must be within 100 years');
  return { from: start, until };
}

const nameOf = ({ id: userId, email }: User) => ({ userId, email });

function bannedFacts(user: User, { id: banId, reason, from, until }: Ban) {
  return { ...nameOf(user), banId, reason, from, ...(until === undefined ? {} : { until }) };
}

/** The event of a change; `user` is the user as saved. */
function told(user: User, event: AnyPendingEvent['event'], payload: unknown, occurredAt: Date): AnyPendingEvent {
  return { event, aggregateId: user.id, aggregateVersion: user.version, payload, occurredAt };
}

/** Of a ban whose time is over. */
const endedFacts = (user: User, { id: banId }: Ban) => ({ ...nameOf(user), banId, cause: 'ended' });

const begun = (ban: Ban, now: Date): Ban => ({ ...ban, begunAt: now, dueAt: ban.until });

/**
 * Bans: one at a time per user. Whoever is banned can't sign in, refresh or call from that moment on, by the dates alone;
 * events have the rest done: orders, notices, and the jobs that begin and lift bans in time. `sweep` does what lost jobs
 * left undone. All of it may run late, twice or at once.
 */
export function createBans({
  users,
  admins,
  subjectOf,
  carryStanding,
  mongo,
  outbox,
  clock,
}: {
  users: Pick<UserRepository, 'byId' | 'save' | 'withDueBan'>;
  admins: AdminGuard;
  subjectOf: SubjectOf;
  carryStanding: CarryStanding;
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  /** Ends the user's ban in the state given. Throws NOT_BANNED when it is in another one. */
  async function end(actorId: string, userId: string, state: 'scheduled' | 'active'): Promise<void> {
    await mongo.transaction(async (tx) => {
      const now = clock();
      const user = await subjectOf(actorId, userId, tx);
      const { ban } = user;
      if (!ban || banStateAt(ban, now) !== state) throw new DomainError('NOT_BANNED');
      const saved = await users.save({ ...user, ban: undefined }, tx);
      const facts = { ...nameOf(saved), banId: ban.id };
      await outbox.append(tx, [
        state === 'active'
          ? told(saved, userUnbanned, { ...facts, cause: 'admin' }, now)
          : told(saved, userBanCanceled, facts, now),
      ]);
    });
    await carryStanding(userId);
  }

  /** Does what is due about a ban: begins it, or lifts it. False when nothing is. */
  async function settle(userId: string, banId: string): Promise<boolean> {
    const acted = await mongo.transaction(async (tx) => {
      const now = clock();
      const user = await users.byId(userId, tx);
      const ban = user?.ban;
      if (!user || ban?.id !== banId) return false;
      const state = banStateAt(ban, now);
      if (state === 'over') {
        const saved = await users.save({ ...user, ban: undefined }, tx);
        // One whose whole time passed before anybody was told of it ends as silently.
        if (ban.begunAt) await outbox.append(tx, [told(saved, userUnbanned, endedFacts(saved, ban), now)]);
        return true;
      }
      if (state !== 'active' || ban.begunAt) return false;
      const saved = await users.save({ ...user, ban: begun(ban, now) }, tx);
      await outbox.append(tx, [told(saved, userBanned, bannedFacts(saved, ban), now)]);
      return true;
    });
    if (acted) await carryStanding(userId);
    return acted;
  }

  return {
    /**
     * Bans a user now, or from a moment within a year on; until a moment or for good. Throws OWN_ACCOUNT, FORBIDDEN,
     * NOT_FOUND, INVALID_INPUT for dates that make no sense, ALREADY_BANNED while a ban is there or scheduled, LAST_ADMIN.
     */
    async ban(actorId: string, { userId, reason, ...dates }: BanInput): Promise<void> {
      await mongo.transaction(async (tx) => {
        const now = clock();
        const user = await subjectOf(actorId, userId, tx);
        const { from, until } = banDates(dates, now);
        const known = banStateAt(user.ban, now);
        if (user.ban && (known === 'active' || known === 'scheduled')) {
          throw new DomainError('ALREADY_BANNED', {
            from: user.ban.from,
            ...(user.ban.until === undefined ? {} : { until: user.ban.until }),
          });
        }
        await admins.keepOne(user, now, tx);
        const planned: Ban = { id: newId(), reason, from, until, by: actorId, at: now, dueAt: from };
        const isNow = from <= now;
        const ban = isNow ? begun(planned, now) : planned;
        const saved = await users.save({ ...user, ban }, tx);
        // One that is over and was not lifted yet is put out of sight here: nobody would tell of its end any more.
        if (user.ban?.begunAt) await outbox.append(tx, [told(saved, userUnbanned, endedFacts(saved, user.ban), now)]);
        await outbox.append(tx, [told(saved, isNow ? userBanned : userBanScheduled, bannedFacts(saved, ban), now)]);
      });
      await carryStanding(userId);
    },

    /** Takes back a ban that has not begun. Throws OWN_ACCOUNT, FORBIDDEN, NOT_FOUND, NOT_BANNED. */
    cancelBan: (actorId: string, userId: string): Promise<void> => end(actorId, userId, 'scheduled'),

    /** Takes back a ban that runs. Throws OWN_ACCOUNT, FORBIDDEN, NOT_FOUND, NOT_BANNED. */
    unban: (actorId: string, userId: string): Promise<void> => end(actorId, userId, 'active'),

    settle,

    /**
     * Does what lost or late jobs left undone, until the signal. Answers how many bans it changed; those that fail stop no
     * other, however many they are: each is tried once, and those behind them are reached.
     */
    async sweep(onError: (userId: string, error: unknown) => void, signal?: AbortSignal): Promise<number> {
      let changed = 0;
      let after: User | undefined;
      do {
        const due = await users.withDueBan(clock(), { after, limit: SWEEP_PAGE });
        for (const { id, ban } of due) {
          if (signal?.aborted) return changed;
          try {
            if (ban && (await settle(id, ban.id))) changed += 1;
          } catch (error) {
            onError(id, error);
          }
        }
        after = due.at(-1);
      } while (after !== undefined);
      return changed;
    },
  };
}

export type Bans = ReturnType<typeof createBans>;
