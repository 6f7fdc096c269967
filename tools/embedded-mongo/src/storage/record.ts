import { decodeDoc, type Doc } from '../bson/index.ts';

/**
 * One stored version of a document. Records never change: an update puts a new record under the same id, so two reads
 * saw the same version exactly when they hold the same object.
 */
export interface StoredRecord {
  /** Increasing over the life of the data folder; natural order follows it. */
  readonly rid: number;
  readonly raw: Uint8Array;
  /** Decoded on first use. */
  doc: Doc | null;
}

/** The decoded form of a record. */
export function documentOf(record: StoredRecord): Doc {
  return (record.doc ??= decodeDoc(record.raw));
}
