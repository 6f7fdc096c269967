import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { CsvProblem } from './csv-columns.ts';
import type { CsvImportDto } from './transfer.contracts.ts';

/** An import, and how far it is. */
export interface CsvImportDoc extends Omit<CsvImportDto, 'id' | 'errors'> {
  _id: string;
  /** Names the call that asked for it: a repetition finds this. */
  intentId: string;
  userId: string;
  uploadId: string;
  problems: CsvProblem[];
  /** Workers that began it and were not heard of again. */
  attempts: number;
  changedAt: Date;
}

const counts = { type: Number, required: true, default: 0 } as const;
const at = { type: Date, required: true } as const;
const text = { type: String, required: true } as const;

const importSchema = new Schema<CsvImportDoc>(
  {
    ...{ _id: text, intentId: text, userId: text, uploadId: text, state: text },
    dryRun: { type: Boolean, required: true },
    ...{ rows: counts, products: counts, applied: counts, created: counts, updated: counts, unchanged: counts },
    ...{ skipped: counts, errorCount: counts, attempts: counts },
    problems: [{ _id: false, line: Number, column: String, message: String }],
    ...{ createdAt: at, changedAt: at, finishedAt: Date },
  },
  { ...schemaOptions, collection: 'csv_imports' },
);
importSchema.index({ intentId: 1 }, { unique: true });
importSchema.index({ state: 1, changedAt: 1 });
importSchema.index({ createdAt: 1 });

export type ImportModel = Model<CsvImportDoc>;

/** Binds the collection of imports to a connection. */
export const createImportModel = (connection: Connection): ImportModel =>
  connection.model<CsvImportDoc>('CsvImport', importSchema);
