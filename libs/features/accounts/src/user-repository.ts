import { DomainError } from '@cartwright/domain-errors';
import { isDuplicateKeyError, sessionOf, type Tx } from '@cartwright/platform-mongo';
import { normalizeEmail, type User } from './user.ts';
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
  version: doc.version,
});

const toDoc = ({ id, ...user }: User): UserDoc => ({ _id: id, ...user, emailKey: normalizeEmail(user.email) });

/** Queries over users. Addresses may come in any form. */
export function createUserRepository({ users }: { users: UserModel }) {
  return {
    async byId(id: string): Promise<User | null> {
      const doc = await users.findOne({ _id: id }).lean();
      return doc && toUser(doc);
    },
    async byEmail(email: string): Promise<User | null> {
      const doc = await users.findOne({ emailKey: normalizeEmail(email) }).lean();
      return doc && toUser(doc);
    },
    async byEmails(emails: readonly string[]): Promise<User[]> {
      const docs = await users.find({ emailKey: { $in: emails.map(normalizeEmail) } }).lean();
      return docs.map(toUser);
    },
    async byIds(ids: readonly string[]): Promise<User[]> {
      const docs = await users.find({ _id: { $in: [...ids] } }).lean();
      return docs.map(toUser);
    },
    /** Writes a new user. A taken address aborts the transaction; `isEmailTaken` tells it, outside. */
    async insert(user: User, tx: Tx): Promise<void> {
      await users.insertMany([toDoc(user)], { session: sessionOf(tx) ?? null });
    },
    /** Replaces a user by its next version. Throws VERSION_CONFLICT when somebody else was faster. */
    async save(user: User): Promise<void> {
      const next = { ...toDoc(user), version: user.version + 1 };
      const { matchedCount } = await users.replaceOne({ _id: user.id, version: user.version }, next);
      if (matchedCount === 0) throw new DomainError('VERSION_CONFLICT', { what: 'user' });
    },
  };
}

export type UserRepository = ReturnType<typeof createUserRepository>;

export const isEmailTaken = (error: unknown): boolean => isDuplicateKeyError(error, EMAIL_INDEX);
