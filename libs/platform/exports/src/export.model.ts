import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** An export, and how far it is. */
export interface ExportDoc {
  _id: string;
  /** Who asked for it, and has it alone. */
  userId: string;
  /** What it is to hold, as its source understands it; and the fingerprint by which two such wishes are the same. */
  wish: unknown;
  wishHash: string;
  state: 'pending' | 'done' | 'failed';
  /** Absent until a worker begins. */
  written?: number;
  total?: number;
  /** How often somebody began it. */
  attempts: number;
  createdAt: Date;
  changedAt: Date;
  /** When the file is deleted. */
  expiresAt: Date;
}

const at = { type: Date, required: true } as const;
const text = { type: String, required: true } as const;

const exportSchema = new Schema<ExportDoc>(
  {
    ...{ _id: text, userId: text, wish: Schema.Types.Mixed, wishHash: text, state: text },
    ...{ written: Number, total: Number, attempts: { type: Number, required: true } },
    ...{ createdAt: at, changedAt: at, expiresAt: at },
  },
  // A wish may be empty: that is one, too.
  { ...schemaOptions, minimize: false },
);
exportSchema.index({ state: 1, changedAt: 1 });
exportSchema.index({ expiresAt: 1 });

export type ExportModel = Model<ExportDoc>;

/** Binds a collection of exports to a connection. */
export const createExportModel = (connection: Connection, collection: string): ExportModel =>
  connection.model<ExportDoc>(`Export ${collection}`, exportSchema, collection);
