import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** One switch that a customer has moved; those never moved have no document. `_id` is `user/type/channel`. */
export interface PreferenceDoc {
  _id: string;
  userId: string;
  type: string;
  channel: string;
  enabled: boolean;
}

export type PreferenceModel = Model<PreferenceDoc>;

const required = { type: String, required: true } as const;

const preferenceSchema = new Schema<PreferenceDoc>(
  { _id: required, userId: required, type: required, channel: required, enabled: { type: Boolean, required: true } },
  { ...schemaOptions, collection: 'notification_preferences' },
);
preferenceSchema.index({ userId: 1 });

/** Binds the collection of preferences to a connection. */
export const createPreferenceModel = (connection: Connection): PreferenceModel =>
  connection.model<PreferenceDoc>('NotificationPreference', preferenceSchema);
