import type { Role } from '@cartwright/domain-permissions';
import type { QueryFilter } from 'mongoose';
import { normalizeEmail } from '../user.ts';
import { BANNED_INDEX, INVITED_INDEX, type UserDoc, type UserModel } from '../user.model.ts';

export interface PeopleFilter {
  readonly role?: Role | undefined;
  readonly banned?: boolean | undefined;
  readonly verified?: boolean | undefined;
  readonly invited?: boolean | undefined;
}

/** So many matches of a search are looked at, by address and by name each. */
export const MATCHES_MAX = 500;

/** Everything that begins with the text, whatever characters it has: a range of an index. */
const startingWith = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);

/** Reads users for administrators. */
export function createDirectoryRepository({ users }: { users: UserModel }) {
  const idsOf = async (filter: QueryFilter<UserDoc>): Promise<string[]> => {
    const found = users.find(filter, { _id: 1 }).limit(MATCHES_MAX + 1);
    return (await found.lean<{ _id: string }[]>()).map(({ _id }) => _id);
  };

  return {
    /** The ids of users whose address, name or a word of it begins with the text; the first `MATCHES_MAX` of each kind. */
    async matching(query: string): Promise<{ ids: string[]; truncated: boolean }> {
      const text = normalizeEmail(query).replace(/\s+/g, ' ');
      const byEmail = await idsOf({ emailKey: startingWith(text) });
      const byName = await idsOf({ nameKeys: startingWith(text) });
      const truncated = byEmail.length > MATCHES_MAX || byName.length > MATCHES_MAX;
      const ids = [...byEmail.slice(0, MATCHES_MAX), ...byName.slice(0, MATCHES_MAX)];
      return { ids: [...new Set(ids)], truncated };
    },

    /** Ids, the latest first; one more than `limit` so that the caller knows if more follow. */
    async page(
      { role, banned, verified, invited }: PeopleFilter,
      page: { ids?: readonly string[] | undefined; before?: string | undefined; limit: number; now: Date },
    ): Promise<string[]> {
      const { ids, before, limit, now } = page;
      const standing: QueryFilter<UserDoc> = {
        $or: [{ 'ban.until': { $exists: false } }, { 'ban.until': { $gt: now } }],
      };
      const isBanned: QueryFilter<UserDoc> = { 'ban.id': { $exists: true } };
      const conditions: QueryFilter<UserDoc>[] = [
        ...(ids === undefined ? [] : [{ _id: { $in: [...ids] } }]),
        ...(before === undefined ? [] : [{ _id: { $lt: before } }]),
        ...(role === undefined ? [] : [{ role }]),
        ...(verified === undefined ? [] : [{ emailVerifiedAt: verified ? { $ne: null } : null }]),
        ...(invited === undefined ? [] : [{ 'invite.at': { $exists: invited } }]),
        ...(banned === undefined ? [] : [banned ? standing : { $nor: [{ ...isBanned, ...standing }] }]),
      ];
      const filter = {
        ...(banned === true ? isBanned : {}),
        ...(conditions.length === 0 ? {} : { $and: conditions }),
      };
      const found = users.find(filter, { _id: 1 });
      // Few are banned or invited: better than looking for them among all.
      if (banned === true && ids === undefined) found.hint(BANNED_INDEX);
      else if (invited === true && ids === undefined) found.hint(INVITED_INDEX);
      const docs = await found
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<{ _id: string }[]>();
      return docs.map(({ _id }) => _id);
    },
  };
}

export type DirectoryRepository = ReturnType<typeof createDirectoryRepository>;
