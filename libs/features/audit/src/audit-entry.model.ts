import type { AuditEntry } from '@cartwright/api-core';
import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** An entry as it stands in the log. */
export type AuditEntryDoc = AuditEntry & {
  _id: string;
  at: Date;
  /** When MongoDB may delete it. */
  purgeAt: Date;
};

/** An action under way, kept until its entry is written; what is left behind by a crash becomes one of unknown outcome. */
export interface AuditIntentDoc {
  _id: string;
  at: Date;
  action: Omit<AuditEntry, 'outcome'>;
}

export interface AuditModels {
  readonly entries: Model<AuditEntryDoc>;
  readonly intents: Model<AuditIntentDoc>;
}

const embedded = { ...schemaOptions, _id: false } as const;
const text = { type: String, immutable: true } as const;
const required = { type: String, required: true, immutable: true } as const;
const moment = { type: Date, required: true, immutable: true } as const;

const entrySchema = new Schema<AuditEntryDoc>(
  {
    _id: required,
    at: moment,
    purgeAt: moment,
    action: required,
    actor: { type: new Schema({ kind: required, id: text }, embedded), required: true, immutable: true },
    target: { type: new Schema({ kind: required, id: required }, embedded), immutable: true },
    outcome: required,
    ip: text,
    userAgent: text,
    sessionId: text,
    requestId: text,
    details: { type: Schema.Types.Mixed, immutable: true },
  },
  { ...schemaOptions, collection: 'audit_entries' },
);
entrySchema.index({ at: -1, _id: -1 });
entrySchema.index({ action: 1, at: -1, _id: -1 });
entrySchema.index({ 'actor.id': 1, at: -1, _id: -1 }, { sparse: true });
entrySchema.index({ 'target.id': 1, at: -1, _id: -1 }, { sparse: true });
entrySchema.index({ purgeAt: 1 }, { name: 'expiry', expireAfterSeconds: 0 });

const intentSchema = new Schema<AuditIntentDoc>(
  { _id: required, at: moment, action: { type: Schema.Types.Mixed, required: true } },
  { ...schemaOptions, collection: 'audit_intents' },
);
intentSchema.index({ at: 1 });

/** Binds the collections of the audit log to a connection. */
export const createAuditModels = (connection: Connection): AuditModels => ({
  entries: connection.model<AuditEntryDoc>('AuditEntry', entrySchema),
  intents: connection.model<AuditIntentDoc>('AuditIntent', intentSchema),
});
