import { ROLES, type Role } from '@cartwright/domain-permissions';
import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import { twoFactorSchema } from './two-factor.model.ts';
import type { TwoFactor } from './two-factor.ts';

export interface UserDoc {
  _id: string;
  email: string;
  /** The address as it is compared; one account each. */
  emailKey: string;
  name: string;
  passwordHash: string;
  role: Role;
  emailVerifiedAt: Date | null;
  createdAt: Date;
  twoFactor?: TwoFactor;
  version: number;
}

export type UserModel = Model<UserDoc>;

export const EMAIL_INDEX = 'email_unique';

export function createUserModel(connection: Connection): UserModel {
  const schema = new Schema<UserDoc>(
    {
      _id: { type: String, required: true },
      email: { type: String, required: true },
      emailKey: { type: String, required: true },
      name: { type: String, required: true },
      passwordHash: { type: String, required: true },
      role: { type: String, enum: ROLES, required: true },
      emailVerifiedAt: { type: Date, default: null },
      createdAt: { type: Date, required: true },
      twoFactor: { type: twoFactorSchema, required: false },
      version: { type: Number, required: true },
    },
    { ...schemaOptions, collection: 'users' },
  );
  schema.index({ emailKey: 1 }, { unique: true, name: EMAIL_INDEX });
  return connection.model<UserDoc>('User', schema);
}
