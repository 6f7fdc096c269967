import { notFound } from '@cartwright/domain-errors';
import { decodeCursor, encodeCursor } from '@cartwright/platform-mongo';
import { z } from 'zod';
import { banStateAt } from '../ban.ts';
import type { SessionStore } from '../session-store.ts';
import { toUserDto, type User } from '../user.ts';
import type { UserRepository } from '../user-repository.ts';
import type { DirectoryRepository } from './directory-repository.ts';
import type { ListPeopleInput, PersonDetailsDto, PersonDto } from './people.contracts.ts';
import type { OrderCountsPort } from './people.ports.ts';

const markSchema = z.strictObject({ id: z.string().max(64) });

/** A user with their ban, as of now; one that is over is none. */
export function toPerson(user: User, now: Date): PersonDto {
  const { ban } = user;
  const state = banStateAt(ban, now);
  const facts = { ...toUserDto(user), invited: user.invite !== undefined };
  if (!ban || (state !== 'scheduled' && state !== 'active')) return facts;
  const { id, reason, from, until, by, at } = ban;
  return {
    ...facts,
    ban: { id, state, reason, from, ...(until === undefined ? {} : { until }), by, at },
  };
}

/** The people of the shop, for administrators. */
export function createDirectory({
  people,
  users,
  sessions,
  orders,
  clock,
}: {
  people: DirectoryRepository;
  users: Pick<UserRepository, 'byId' | 'byIds'>;
  sessions: Pick<SessionStore, 'listOf'>;
  orders: OrderCountsPort;
  clock: () => Date;
}) {
  async function existing(userId: string): Promise<User> {
    const user = await users.byId(userId);
    if (!user) throw notFound('user');
    return user;
  }

  return {
    /** People, the latest first. Throws CURSOR_INVALID. */
    async list({ query, limit, cursor, ...filter }: ListPeopleInput) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor, markSchema).id;
      const now = clock();
      const found = query === undefined ? undefined : await people.matching(query);
      const page = await people.page(filter, { ids: found?.ids, before, limit, now });
      const ids = page.slice(0, limit);
      const known = new Map((await users.byIds(ids)).map((user) => [user.id, user]));
      const last = ids.at(-1);
      return {
        items: ids.flatMap((id) => {
          const user = known.get(id);
          return user ? [toPerson(user, now)] : [];
        }),
        nextCursor: page.length > limit && last !== undefined ? encodeCursor({ id: last }) : null,
        truncated: found?.truncated ?? false,
      };
    },

    /** One of them, with how many orders and sessions there are. Throws NOT_FOUND. */
    async byId(userId: string): Promise<PersonDetailsDto> {
      const user = await existing(userId);
      const [counts, open] = await Promise.all([orders.countsOf(userId), sessions.listOf(userId)]);
      return {
        ...toPerson(user, clock()),
        orders: counts,
        sessionCount: open.length,
        twoFactorEnabled: user.twoFactor?.enabled !== undefined,
      };
    },

    /** Where they are signed in, the latest first. Throws NOT_FOUND. */
    async sessions(userId: string) {
      await existing(userId);
      return (await sessions.listOf(userId)).map(
        ({ id, deviceName, ip, country, userAgent, createdAt, lastSeenAt }) => ({
          ...{ id, deviceName, ip, country, userAgent, createdAt, lastSeenAt },
        }),
      );
    },
  };
}
