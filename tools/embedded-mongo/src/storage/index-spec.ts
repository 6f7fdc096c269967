import type { Doc } from '../bson/index.ts';
import type { Collation, TextFields } from '../engine/index.ts';

/** One field of an index key. */
export interface IndexField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly descending: boolean;
}

/** An index, as created; changes (collMod) put a new object in its place. */
export interface IndexSpec {
  readonly name: string;
  readonly fields: readonly IndexField[];
  /** The description that listIndexes answers: v, key, name, then the options given. */
  readonly definition: Doc;
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly hidden: boolean;
  readonly expireAfterSeconds: number | null;
  readonly collation: Collation | undefined;
  readonly partialFilter: Doc | null;
  /** A text index: its keys are the stems of the words in these fields. */
  readonly text: TextFields | null;
  /** Whether a document belongs into a partial index; null when all do. */
  readonly includes: ((doc: Doc) => boolean) | null;
}
