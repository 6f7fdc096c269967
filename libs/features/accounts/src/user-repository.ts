import { DomainError } from '@cartwright/domain-errors';
import { isDuplicateKeyError, sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import { nameKeysOf, normalizeEmail, type User } from './user.ts';
import { EMAIL_INDEX, type UserDoc, type UserModel } from './user.model.ts';

const toUser = (doc: UserDoc): User => ({
  id: doc._id,
  email: doc.email,
  name: doc.name,
  passwordHash: doc.passwordHash,
  role: doc.role,
  emailVerifiedAt: doc.emailVerifiedAt,
  createdAt: doc.createdAt,
  ...(doc.twoFactor === undefined ? {} : { twoFactor: doc.twoFactor }),
  ...(doc.ban ? { ban: doc.ban } : {}),
  ...(doc.invite ? { invite: doc.invite } : {}),
  ...(doc.pendingEmail ? { pendingEmail: doc.pendingEmail } : {}),
  ...(doc.removal ? { removal: doc.removal } : {}),
  version: doc.version,
});

const toDoc = ({ id, ...user }: User): UserDoc => ({
  _id: id,
  ...user,
  emailKey: normalizeEmail(user.email),
  nameKeys: nameKeysOf(user.name),
});

/** Queries over users. Addresses may come in any form. */
export function createUserRepository({ users }: { users: UserModel }) {
  const one = async (filter: { _id: string } | { emailKey: string }, tx?: Tx): Promise<User | null> => {
    const doc = await users
      .findOne(filter)
      .session(sessionOf(tx) ?? null)
      .lean();
    return doc && toUser(doc);
  };

  return {
    byId: (id: string, tx?: Tx): Promise<User | null> => one({ _id: id }, tx),
    byEmail: (email: string, tx?: Tx): Promise<User | null> => one({ emailKey: normalizeEmail(email) }, tx),
    async byEmails(emails: readonly string[]): Promise<User[]> {
      const docs = await users.find({ emailKey: { $in: emails.map(normalizeEmail) } }).lean();
      return docs.map(toUser);
    },
    async byIds(ids: readonly string[]): Promise<User[]> {
      const docs = await users.find({ _id: { $in: [...ids] } }).lean();
      return docs.map(toUser);
    },
    /** Users about whose ban something is to be done by now, those due longest first; those that follow on `after`. */
    async withDueBan(now: Date, { after, limit }: { after?: User | undefined; limit: number }): Promise<User[]> {
      const dueAt = after?.ban?.dueAt;
      const following =
        after && dueAt
          ? { $or: [{ 'ban.dueAt': { $gt: dueAt } }, { 'ban.dueAt': dueAt, _id: { $gt: after.id } }] }
          : {};
      const due = users.find({ 'ban.dueAt': { $lte: now }, ...following }).sort({ 'ban.dueAt': 1, _id: 1 });
      return (await due.limit(limit).lean<UserDoc[]>()).map(toUser);
    },
    /** Writes a new user. A taken address aborts the transaction; `isEmailTaken` tells it, outside. */
    async insert(user: User, tx: Tx): Promise<void> {
      await users.insertMany([toDoc(user)], { session: sessionOf(tx) ?? null });
    },
    /** Replaces a user by its next version and answers it. Throws VERSION_CONFLICT when somebody else was faster. */
    async save(user: User, tx?: Tx): Promise<User> {
      const next = { ...user, version: user.version + 1 };
      const known = { _id: user.id, version: user.version };
      const { matchedCount } = await users.replaceOne(known, toDoc(next), sessionOption(tx));
      if (matchedCount === 0) throw new DomainError('VERSION_CONFLICT', { what: 'user' });
      return next;
    },
    /** Deletes a user as it was read. Throws VERSION_CONFLICT when it changed meanwhile. */
    async remove(user: User, tx: Tx): Promise<void> {
      const { deletedCount } = await users.deleteOne({ _id: user.id, version: user.version }, sessionOption(tx));
      if (deletedCount === 0) throw new DomainError('VERSION_CONFLICT', { what: 'user' });
    },
    /** Ids of users who are to be removed by now, those due longest first. */
    async dueForRemoval(now: Date, limit: number): Promise<string[]> {
      const due = await users
        .find({ 'removal.dueAt': { $lte: now } }, { _id: 1 })
        .sort({ 'removal.dueAt': 1 })
        .limit(limit)
        .lean<{ _id: string }[]>();
      return due.map(({ _id }) => _id);
    },
  };
}

export type UserRepository = ReturnType<typeof createUserRepository>;

export const isEmailTaken = (error: unknown): boolean => isDuplicateKeyError(error, EMAIL_INDEX);
