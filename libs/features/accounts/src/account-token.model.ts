import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** What a mailed token is good for. */
export const ACCOUNT_TOKEN_KINDS = ['verify', 'reset', 'emailChange', 'emailUndo', 'removalUndo', 'invite'] as const;
export type AccountTokenKind = (typeof ACCOUNT_TOKEN_KINDS)[number];

export interface AccountTokenDoc {
  /** The token's hash: whoever reads the collection can't use what is in it. */
  _id: string;
  kind: AccountTokenKind;
  userId: string;
  /** The address it is about, as it is stored with users. */
  email: string;
  /** The same as it is compared. */
  emailKey: string;
  createdAt: Date;
  /** Not good from then on; deleted some time after. */
  expiresAt: Date;
}

export type AccountTokenModel = Model<AccountTokenDoc>;

export function createAccountTokenModel(connection: Connection): AccountTokenModel {
  const schema = new Schema<AccountTokenDoc>(
    {
      _id: { type: String, required: true },
      kind: { type: String, enum: ACCOUNT_TOKEN_KINDS, required: true },
      userId: { type: String, required: true },
      email: { type: String, required: true },
      emailKey: { type: String, required: true },
      createdAt: { type: Date, required: true },
      expiresAt: { type: Date, required: true },
    },
    { ...schemaOptions, collection: 'account_tokens' },
  );
  schema.index({ userId: 1, kind: 1, createdAt: -1 });
  schema.index({ emailKey: 1, kind: 1 });
  schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  return connection.model<AccountTokenDoc>('AccountToken', schema);
}
