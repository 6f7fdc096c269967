import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { CsvProblem } from './csv-columns.ts';
import type { CsvExportDto, CsvImportDto } from './transfer.contracts.ts';

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

/** An export, and how far it is. */
export interface CsvExportDoc extends Omit<CsvExportDto, 'id' | 'url'> {
  _id: string;
  userId: string;
  /** How often somebody began it. */
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

const exportSchema = new Schema<CsvExportDoc>(
  {
    ...{ _id: text, userId: text, state: text, products: counts, total: Number, attempts: counts },
    ...{ createdAt: at, changedAt: at, expiresAt: at },
  },
  { ...schemaOptions, collection: 'csv_exports' },
);
exportSchema.index({ state: 1, changedAt: 1 });
exportSchema.index({ expiresAt: 1 });

export interface TransferModels {
  imports: Model<CsvImportDoc>;
  exports: Model<CsvExportDoc>;
}

/** Binds the collections of imports and exports to a connection. */
export const createTransferModels = (connection: Connection): TransferModels => ({
  imports: connection.model<CsvImportDoc>('CsvImport', importSchema),
  exports: connection.model<CsvExportDoc>('CsvExport', exportSchema),
});
