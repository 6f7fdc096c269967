import { encodeDoc, type Doc } from '../bson/index.ts';
import type { Command, CommandContext } from '../server/context.ts';
import { packBytes } from '../storage/pack-bytes.ts';
import { ownBytes } from '../storage/writer.ts';
import { requiredDocs } from './args.ts';
import { ensureCollection } from './collections.ts';
import { checkWritable, namespaceOf } from './namespace.ts';
import { checkSize, toStored, validate } from './stored-document.ts';
import { batchReply, runBatch } from './write-batch.ts';

export const insertCommand: Command = {
  name: 'insert',
  retryable: true,
  writes: true,
  fields: new Set(['documents', 'ordered', 'bypassDocumentValidation', 'stmtId', 'stmtIds']),
  transactional: true,
  async run(context) {
    const ns = namespaceOf('insert', context.db, context.args);
    checkWritable(ns.slice(context.db.length + 1));
    const documents = requiredDocs(context.args, 'documents', 'insert.documents');
    const sent = context.sequences.get('documents');
    const raws = sent === undefined ? null : packBytes(sent);
    const result = await runBatch(context, documents.length, (i) => {
      const doc = documents[i] as Doc;
      const stored = toStored(context, doc);
      const raw = stored === doc && raws !== null ? (raws[i] as Uint8Array) : ownBytes(encodeDoc(stored));
      checkSize(raw.length, 'object to insert');
      return insertOne(context, ns, stored, raw);
    });
    return batchReply(result, false);
  },
};

/** Stores one document, in a collection that is made if it is not there. */
export function insertOne(context: CommandContext, ns: string, doc: Doc, raw: Uint8Array): { n: number } {
  const state = ensureCollection(context, ns);
  validate(context, state, doc);
  context.writer.insert(state, doc, raw);
  return { n: 1 };
}
