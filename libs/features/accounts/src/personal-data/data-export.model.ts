import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** The copy of what the shop knows of a user; the latest one, for a while. */
export interface DataExportDoc {
  /** The user's id. */
  _id: string;
  /** Tells this export from earlier ones. */
  requestId: string;
  status: 'pending' | 'ready' | 'failed';
  requestedAt: Date;
  readyAt?: Date;
  /** Deleted then. */
  expiresAt: Date;
  /** JSON, gzipped. */
  content?: Buffer;
  /** Of the JSON. */
  bytes?: number;
}

export type DataExportModel = Model<DataExportDoc>;

export function createDataExportModel(connection: Connection): DataExportModel {
  const schema = new Schema<DataExportDoc>(
    {
      _id: { type: String, required: true },
      requestId: { type: String, required: true },
      status: { type: String, enum: ['pending', 'ready', 'failed'], required: true },
      requestedAt: { type: Date, required: true },
      readyAt: Date,
      expiresAt: { type: Date, required: true },
      content: Buffer,
      bytes: Number,
    },
    { ...schemaOptions, collection: 'data_exports' },
  );
  schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  return connection.model<DataExportDoc>('DataExport', schema);
}
