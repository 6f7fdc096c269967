import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { DataExportDoc, DataExportModel } from './data-export.model.ts';

/** Reads and writes copies of personal data. */
export function createDataExportRepository({ exports }: { exports: DataExportModel }) {
  return {
    /** Without the content. */
    ofUser: (userId: string): Promise<Omit<DataExportDoc, 'content'> | null> =>
      exports.findOne({ _id: userId }, { content: 0 }).lean<Omit<DataExportDoc, 'content'>>(),

    /** The gzipped JSON of one that is ready; null when it is another one by now. */
    async content(userId: string, requestId: string): Promise<Buffer | null> {
      const found = await exports
        .findOne({ _id: userId, requestId, status: 'ready' }, { content: 1 })
        .lean<{ content?: { buffer: Uint8Array } | Uint8Array }>();
      const content = found?.content;
      if (content === undefined) return null;
      // The driver's binary holds its bytes in a buffer of its own.
      return Buffer.from(content instanceof Uint8Array ? content : content.buffer);
    },

    /** Begins one, in the place of the one before. */
    async begin(doc: DataExportDoc, tx: Tx): Promise<void> {
      await exports.replaceOne({ _id: doc._id }, doc, { ...sessionOption(tx), upsert: true });
    },

    /** Writes what became of it, unless another one was begun meanwhile. */
    async finish(
      userId: string,
      requestId: string,
      result: Partial<Pick<DataExportDoc, 'status' | 'readyAt' | 'expiresAt' | 'content' | 'bytes'>>,
    ): Promise<void> {
      await exports.updateOne({ _id: userId, requestId, status: 'pending' }, { $set: result });
    },

    async remove(userId: string, tx: Tx): Promise<void> {
      await exports.deleteOne({ _id: userId }, sessionOption(tx));
    },
  };
}

export type DataExportRepository = ReturnType<typeof createDataExportRepository>;
