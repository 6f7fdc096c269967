import { decodeDoc, decodeFields, type Doc } from '../bson/index.ts';

/**
 * One stored version of a document. Records never change: an update puts a new record under the same id, so two reads
 * saw the same version exactly when they hold the same object.
 */
export interface StoredRecord {
  /** Increasing over the life of the data folder; natural order follows it. */
  readonly rid: number;
  readonly raw: Uint8Array;
  /** The decoded form, while the cache keeps it. */
  doc: Doc | null;
  readonly cache: DocumentCache;
}

/** Limits how many records keep their decoded form, which takes several times the space of the encoded one. */
export interface DocumentCache {
  /** Notes that the record holds its decoded form; an older one may lose its own for it. */
  keep(record: StoredRecord): void;
}

/** Encoded size of the records whose decoded form is kept, in bytes. */
const DEFAULT_BUDGET_BYTES = 8 * 1024 * 1024;

/** A cache that lets the oldest go first. */
export function createDocumentCache(budgetBytes = DEFAULT_BUDGET_BYTES): DocumentCache {
  let kept: StoredRecord[] = [];
  let first = 0;
  let bytes = 0;
  return {
    keep(record) {
      kept.push(record);
      bytes += record.raw.length;
      while (bytes > budgetBytes && first < kept.length) {
        const oldest = kept[first] as StoredRecord;
        first += 1;
        bytes -= oldest.raw.length;
        oldest.doc = null;
      }
      if (first > 1024 && first * 2 > kept.length) {
        kept = kept.slice(first);
        first = 0;
      }
    },
  };
}

/** The decoded form of a record. */
export function documentOf(record: StoredRecord): Doc {
  if (record.doc !== null) return record.doc;
  const doc = decodeDoc(record.raw);
  record.doc = doc;
  record.cache.keep(record);
  return doc;
}

/** The decoded form for one use, without keeping it: for passes over a whole collection. */
export function peekDocument(record: StoredRecord): Doc {
  return record.doc ?? decodeDoc(record.raw);
}

/** These fields of the first level alone, for one use; the document may have more when it was decoded already. */
export function peekFields(record: StoredRecord, names: ReadonlySet<string>): Doc {
  return record.doc ?? decodeFields(record.raw, names);
}
