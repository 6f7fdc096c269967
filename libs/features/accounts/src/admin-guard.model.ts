import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** One document that every change which takes an administrator away writes, so that two of them can't miss each other. */
export interface AdminGuardDoc {
  _id: string;
  changes: number;
}

export type AdminGuardModel = Model<AdminGuardDoc>;

export const createAdminGuardModel = (connection: Connection): AdminGuardModel =>
  connection.model<AdminGuardDoc>(
    'AdminGuard',
    new Schema<AdminGuardDoc>(
      { _id: { type: String, required: true }, changes: { type: Number, required: true } },
      { ...schemaOptions, collection: 'admin_guard' },
    ),
  );
