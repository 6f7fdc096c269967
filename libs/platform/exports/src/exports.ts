import { notFound } from '@cartwright/domain-errors';
import { newId, type Mongo } from '@cartwright/platform-mongo';
import type { EventDefinition, Outbox } from '@cartwright/platform-outbox';
import type { JobDefinition, Queues } from '@cartwright/platform-queue';
import type { ObjectStore } from '@cartwright/platform-s3';
import { fingerprint } from '@cartwright/platform-security';
import type { z } from 'zod';
import { exportKey } from './export-key.ts';
import { createExportModel, type ExportDoc } from './export.model.ts';
import { createExportRepository } from './export-repository.ts';
import { createExportRun, type ExportContent } from './run-export.ts';

/** How long a file stays, and an address of it. */
const KEPT_MS = 24 * 3_600_000;
const URL_SECONDS = 5 * 60;
const QUIET_MS = 2 * 60_000;
const BATCH = 100;

type IdPayload = z.ZodObject<{ exportId: z.ZodString }>;

/** One kind of file: what it is called, what is in it, and how a worker hears that somebody wants it. */
export interface ExportKind<Wish> {
  /** Begins the file's name: `products`. */
  readonly name: string;
  readonly collection: string;
  /** Written when one is asked for; its handler enqueues the job. */
  readonly requested: EventDefinition<string, IdPayload>;
  readonly job: JobDefinition<string, IdPayload>;
  readonly open: (wish: Wish) => Promise<ExportContent>;
}

/** Where the files are put, and fetched from by an address that ends. */
export type ExportFiles = Pick<ObjectStore, 'write' | 'presignGet' | 'remove'>;

/** How far an export is. */
export interface ExportStatus {
  readonly id: string;
  readonly state: ExportDoc['state'];
  /** How many are written, and of how many; unknown until a worker begins. */
  readonly written: number;
  readonly total?: number;
  /** Downloads it, for a few minutes. */
  readonly url?: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Files that people ask for and a worker writes: kept for a day, for whoever asked alone. */
export function createExports<Wish>({
  kind,
  mongo,
  outbox,
  queues,
  files,
  clock,
}: {
  kind: ExportKind<Wish>;
  mongo: Pick<Mongo, 'transaction' | 'connection'>;
  outbox: Pick<Outbox, 'append'>;
  queues: Pick<Queues, 'enqueue'>;
  files: ExportFiles;
  clock: () => Date;
}) {
  const exports = createExportRepository(createExportModel(mongo.connection, kind.collection));

  const addressOf = ({ _id, createdAt }: ExportDoc): Promise<string> => {
    const filename = `${kind.name}-${createdAt.toISOString().slice(0, 10)}.csv`;
    return files.presignGet({ key: exportKey(_id), filename, expiresInSeconds: URL_SECONDS });
  };

  async function statusOf(doc: ExportDoc): Promise<ExportStatus> {
    const { _id: id, state, written = 0, total, createdAt, expiresAt } = doc;
    const url = state === 'done' ? { url: await addressOf(doc) } : {};
    return { id, state, written, ...(total === undefined ? {} : { total }), ...url, createdAt, expiresAt };
  }

  return {
    ...createExportRun({ exports, open: kind.open, files, clock }),

    /**
     * Has a file written; the same one that the caller waits for already, where there is one. Throws SERVICE_UNAVAILABLE in
     * a shop that has no place for files.
     */
    async ask(userId: string, wish: Wish): Promise<ExportStatus> {
      const now = clock();
      const wishHash = fingerprint(wish);
      const pending = await exports.pendingOf({ userId, wishHash }, now);
      if (pending) return statusOf(pending);
      const expiresAt = new Date(now.getTime() + KEPT_MS);
      const doc: ExportDoc = {
        ...{ _id: newId(), userId, wish, wishHash, state: 'pending', attempts: 0 },
        ...{ createdAt: now, changedAt: now, expiresAt },
      };
      // Where no address can be made of it, no worker could write it.
      await addressOf(doc);
      await mongo.transaction(async (tx) => {
        await exports.insert(doc, tx);
        const payload = { exportId: doc._id };
        const facts = { aggregateId: doc._id, aggregateVersion: 1, payload, occurredAt: now };
        await outbox.append(tx, [{ event: kind.requested, ...facts }]);
      });
      return statusOf(doc);
    },

    /** With an address of the file once it is there. Throws NOT_FOUND, also for exports of others and after a day. */
    async status(userId: string, exportId: string): Promise<ExportStatus> {
      const doc = await exports.byId(exportId);
      if (doc?.userId !== userId || doc.expiresAt <= clock()) throw notFound('export');
      return statusOf(doc);
    },

    /** Has those done whose job was lost, and removes what was kept long enough. Until the signal. */
    async sweep(signal: AbortSignal): Promise<void> {
      const now = clock();
      const before = new Date(now.getTime() - QUIET_MS);
      for (const { _id } of await exports.quiet(before, now, BATCH)) await queues.enqueue(kind.job, { exportId: _id });
      for (const { _id } of await exports.expired(now, BATCH)) {
        if (signal.aborted) return;
        // Whoever still writes it sees that it is over, and leaves no file behind.
        await exports.finish(_id, { state: 'failed', changedAt: now });
        const isGone = await files.remove(exportKey(_id)).then(
          () => true,
          () => false,
        );
        // While its file can't be removed it is kept as something to remove, and the others have their turn.
        if (isGone) await exports.remove(_id);
      }
    },
  };
}

export type Exports<Wish> = ReturnType<typeof createExports<Wish>>;
