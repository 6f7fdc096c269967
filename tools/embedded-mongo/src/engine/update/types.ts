import type { Doc, MaybeValue, Value } from '../../bson/index.ts';
import type { Collation } from '../collation.ts';

/** What one application of an update knows. */
export interface UpdateContext {
  /** Whether the document is being inserted by an upsert. */
  readonly insert: boolean;
  /** The array index for `$`; undefined when the filter did not match inside an array. */
  readonly position: number | undefined;
  readonly now: Date;
  readonly collation: Collation | undefined;
  /** `_id: 1`, for messages. */
  readonly idText: string;
  /** Documents and arrays made during this application, which may be changed in place. */
  readonly owned: Set<object>;
  /** Takes the paths that change, as change streams tell them. */
  readonly touched: string[] | undefined;
  changed: boolean;
}

/** Computes the new value of a field; undefined removes it, the same value leaves everything as it is. */
export type FieldUpdate = (current: MaybeValue, context: UpdateContext, field: string) => MaybeValue;

/** One operator on one path. */
export interface Modification {
  readonly operator: string;
  readonly path: string;
  readonly parts: readonly string[];
  readonly update: FieldUpdate;
  /** Whether missing fields on the path are created. */
  readonly creates: boolean;
  /** `$rename`: where the value comes from. */
  readonly source?: readonly string[] | undefined;
}

/** Tests array elements for `$[identifier]`. */
export type ElementTests = ReadonlyMap<string, (element: Value) => boolean>;

/** A compiled update. */
export interface Update {
  readonly kind: 'modifiers' | 'replacement' | 'pipeline';
  /** Whether `apply` needs the array index of the match. */
  readonly needsPosition: boolean;
  /**
   * The updated document; the very same object when nothing changes.
   * Operators add the paths they change to `touched`.
   * @throws MongoError for documents that the update can't be applied to, also when `_id` would change.
   */
  apply(
    doc: Doc,
    options?: {
      readonly position?: number | undefined;
      readonly insert?: boolean | undefined;
      readonly touched?: string[] | undefined;
    },
  ): Doc;
  /**
   * The document that an upsert inserts. `newId` makes its `_id` when neither the filter nor the update gives one.
   */
  upsert(filter: Doc, newId: () => Value): Doc;
}
