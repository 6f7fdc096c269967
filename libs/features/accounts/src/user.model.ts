import { ROLES, type Role } from '@cartwright/domain-permissions';
import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { Ban } from './ban.ts';
import type { Invite } from './user.ts';
import type { PendingEmail } from './pending-email.ts';
import type { RemovalNotice } from './removal-notice.ts';
import { twoFactorSchema } from './two-factor.model.ts';
import type { TwoFactor } from './two-factor.ts';

const embedded = { ...schemaOptions, _id: false } as const;
const date = { type: Date, required: true } as const;
const pendingEmailSchema = new Schema<PendingEmail>(
  { email: { type: String, required: true }, askedAt: date },
  embedded,
);
const removalSchema = new Schema<RemovalNotice>({ askedAt: date, dueAt: date }, embedded);

const banSchema = new Schema<Ban>(
  {
    id: { type: String, required: true },
    reason: { type: String, required: true },
    from: { type: Date, required: true },
    until: Date,
    by: { type: String, required: true },
    at: { type: Date, required: true },
    begunAt: Date,
    dueAt: Date,
  },
  embedded,
);

const inviteSchema = new Schema<Invite>(
  {
    role: { type: String, enum: ROLES, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
  },
  embedded,
);

export interface UserDoc {
  _id: string;
  email: string;
  /** The address as it is compared; one account each. */
  emailKey: string;
  name: string;
  /** What searches by name look at; see `nameKeysOf`. */
  nameKeys: string[];
  passwordHash: string;
  role: Role;
  emailVerifiedAt: Date | null;
  createdAt: Date;
  twoFactor?: TwoFactor;
  ban?: Ban | undefined;
  invite?: Invite | undefined;
  pendingEmail?: PendingEmail | undefined;
  removal?: RemovalNotice | undefined;
  version: number;
}

export type UserModel = Model<UserDoc>;

export const EMAIL_INDEX = 'email_unique';
export const BANNED_INDEX = 'banned';
export const INVITED_INDEX = 'invited';

export function createUserModel(connection: Connection): UserModel {
  const schema = new Schema<UserDoc>(
    {
      _id: { type: String, required: true },
      email: { type: String, required: true },
      emailKey: { type: String, required: true },
      name: { type: String, required: true },
      nameKeys: { type: [String], required: true },
      passwordHash: { type: String, required: true },
      role: { type: String, enum: ROLES, required: true },
      emailVerifiedAt: { type: Date, default: null },
      createdAt: { type: Date, required: true },
      twoFactor: { type: twoFactorSchema, required: false },
      ban: banSchema,
      invite: inviteSchema,
      pendingEmail: pendingEmailSchema,
      removal: removalSchema,
      version: { type: Number, required: true },
    },
    { ...schemaOptions, collection: 'users' },
  );
  schema.index({ emailKey: 1 }, { unique: true, name: EMAIL_INDEX });
  schema.index({ nameKeys: 1 });
  schema.index({ role: 1, _id: -1 });
  schema.index({ emailVerifiedAt: 1, _id: -1 });
  schema.index(
    { _id: -1, 'ban.until': 1 },
    { name: BANNED_INDEX, partialFilterExpression: { 'ban.id': { $exists: true } } },
  );
  schema.index(
    { _id: -1, 'invite.at': 1 },
    { name: INVITED_INDEX, partialFilterExpression: { 'invite.at': { $exists: true } } },
  );
  schema.index({ 'ban.dueAt': 1, _id: 1 }, { sparse: true });
  // Only few accounts are about to be removed.
  schema.index({ 'removal.dueAt': 1 }, { sparse: true });
  return connection.model<UserDoc>('User', schema);
}
