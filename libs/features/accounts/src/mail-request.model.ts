import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** Somebody asked for a mail to an address; whether anybody has an account there is looked at later, out of sight. */
export interface MailRequestDoc {
  _id: string;
  kind: 'verify' | 'reset';
  email: string;
  expiresAt: Date;
}

export type MailRequestModel = Model<MailRequestDoc>;

export function createMailRequestModel(connection: Connection): MailRequestModel {
  const schema = new Schema<MailRequestDoc>(
    {
      _id: { type: String, required: true },
      kind: { type: String, required: true },
      email: { type: String, required: true },
      expiresAt: { type: Date, required: true },
    },
    { ...schemaOptions, collection: 'mail_requests' },
  );
  schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  return connection.model<MailRequestDoc>('MailRequest', schema);
}
