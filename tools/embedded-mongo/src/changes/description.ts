import { Doc } from '../bson/index.ts';

/** What a change stream tells of a change, before documents that have to be looked up are added. */
export interface Description {
  readonly operationType: string;
  /** `fullDocument` of inserts and replacements. */
  readonly document: Doc | null;
  /** Everything from `ns` on. */
  readonly details: Doc;
}

/** A namespace as events show it. */
export function namespaceDoc(ns: string): Doc {
  const dot = ns.indexOf('.');
  return Doc.of(['db', ns.slice(0, dot)], ['coll', ns.slice(dot + 1)]);
}
