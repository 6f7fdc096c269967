import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { Difference } from './difference.ts';
import type { CheckName, DifferenceKind } from './reconciliation.contracts.ts';

/** A run, as far as it has come. */
export interface ReportDoc {
  _id: string;
  trigger: 'nightly' | 'manual';
  startedBy?: string;
  state: 'running' | 'finished' | 'failed';
  /** There while it runs, and unique: there is one such run at a time, over all processes. */
  isOpen?: true;
  startedAt: Date;
  finishedAt?: Date;
  problem?: string;
  from: Date;
  to: Date;
  /** The check it is at, and where in it. */
  step: number;
  cursor?: string;
  /** What is to be looked at again before this check ends. */
  suspects: string[];
  checks: { name: CheckName; examined: number; differences: number }[];
  /** All that were found, and how many of them are kept. */
  differences: number;
  kept: number;
  /** Who works on it, and until when it is his without a sign of life. */
  holder?: string;
  leaseUntil: Date;
  /** How often somebody began to work on it. */
  takes: number;
  purgeAt: Date;
}

export interface DifferenceDoc extends Difference {
  _id: string;
  reportId: string;
  check: CheckName;
  kind: DifferenceKind;
  purgeAt: Date;
}

export interface ReportModels {
  reports: Model<ReportDoc>;
  differences: Model<DifferenceDoc>;
}

const required = { type: String, required: true } as const;
const date = { type: Date, required: true } as const;
const count = { type: Number, required: true } as const;

const reportSchema = new Schema<ReportDoc>(
  {
    _id: required,
    trigger: required,
    startedBy: String,
    state: required,
    isOpen: Boolean,
    startedAt: date,
    finishedAt: Date,
    problem: String,
    from: date,
    to: date,
    step: count,
    cursor: String,
    suspects: { type: [String], required: true },
    checks: {
      type: [new Schema({ name: required, examined: count, differences: count }, { ...schemaOptions, _id: false })],
      required: true,
    },
    differences: count,
    kept: count,
    holder: String,
    leaseUntil: date,
    takes: { ...count, default: 0 },
    purgeAt: date,
  },
  { ...schemaOptions, collection: 'reconciliation_reports' },
);
reportSchema.index({ isOpen: 1 }, { unique: true, sparse: true });
reportSchema.index({ state: 1, _id: -1 });
reportSchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

const differenceSchema = new Schema<DifferenceDoc>(
  {
    _id: required,
    reportId: required,
    check: required,
    kind: required,
    subject: { type: Schema.Types.Mixed, required: true },
    expected: required,
    found: required,
    text: required,
    purgeAt: date,
  },
  { ...schemaOptions, collection: 'reconciliation_differences' },
);
differenceSchema.index({ reportId: 1, _id: 1 });
// What a provider began on one day and the ledger has on another is met twice.
differenceSchema.index(
  { reportId: 1, kind: 1, 'subject.reference': 1 },
  { unique: true, partialFilterExpression: { 'subject.reference': { $exists: true } } },
);
differenceSchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

/** Binds the collections of reconciliation to a connection. */
export const createReportModels = (connection: Connection): ReportModels => ({
  reports: connection.model<ReportDoc>('ReconciliationReport', reportSchema),
  differences: connection.model<DifferenceDoc>('ReconciliationDifference', differenceSchema),
});
