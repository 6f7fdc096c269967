import { Doc, valueSize, type Value } from '../bson/index.ts';
import { identicalValues } from '../engine/index.ts';

/** One difference between two documents. Numbers in a path are places in arrays. */
export type Difference =
  | { readonly kind: 'updated'; readonly path: Path; readonly value: Value }
  | { readonly kind: 'removed'; readonly path: Path }
  | { readonly kind: 'truncated'; readonly path: Path; readonly length: number };

export type Path = readonly (string | number)[];

/** A part of a diff: what differs, and how many bytes it takes in MongoDB's form of it. */
interface Part {
  readonly differences: readonly Difference[];
  readonly bytes: number;
}

/** What MongoDB's log puts around the diff of a whole document, in bytes. */
const ENVELOPE_BYTES = 15;
const EMPTY_BYTES = 5;
/** Type, one letter, its end, and an empty document: the section for updates, inserts or removals. */
const SECTION_BYTES = 8;
const NEW_LENGTH_BYTES = 7;
const ARRAY_MARK_BYTES = 4;

/**
 * What has to be done to `before` to make it `after`, or null when that takes as much room as the new document: MongoDB
 * logs such a change as a replacement.
 */
export function diffDocuments(before: Doc, after: Doc): readonly Difference[] | null {
  return diffDoc(before, after, [], ENVELOPE_BYTES)?.differences ?? null;
}

const nameBytes = (name: string | number): number => Buffer.byteLength(String(name)) + 2;

function diffDoc(before: Doc, after: Doc, path: Path, padding: number): Part | null {
  const updated: Difference[] = [];
  const inserted: Difference[] = [];
  const removed = new Set<string>();
  const nested: Part[] = [];
  let bytes = EMPTY_BYTES + padding;
  let i = 0;
  let j = 0;
  while (i < before.size && j < after.size) {
    const name = before.keys[i] as string;
    if (name !== after.keys[j]) {
      removed.add(name);
      i += 1;
      continue;
    }
    const old = before.values[i] as Value;
    const value = after.values[j] as Value;
    if (!identicalValues(old, value)) {
      const inner = diffInner(old, value, [...path, name]);
      if (inner === null) {
        updated.push({ kind: 'updated', path: [...path, name], value });
        bytes += nameBytes(name) + valueSize(value);
      } else {
        nested.push(inner);
        bytes += nameBytes(name) + 1 + inner.bytes;
      }
    }
    i += 1;
    j += 1;
  }
  for (; i < before.size; i++) removed.add(before.keys[i] as string);
  for (; j < after.size; j++) {
    const name = after.keys[j] as string;
    const value = after.values[j] as Value;
    // A field that only moved is told as set: it goes to the end.
    removed.delete(name);
    inserted.push({ kind: 'updated', path: [...path, name], value });
    bytes += nameBytes(name) + valueSize(value);
  }
  for (const name of removed) bytes += nameBytes(name) + 1;
  for (const section of [updated.length, inserted.length, removed.size]) if (section > 0) bytes += SECTION_BYTES;
  if (bytes >= valueSize(after)) return null;
  const removals = [...removed].map((name): Difference => ({ kind: 'removed', path: [...path, name] }));
  return { differences: [...updated, ...inserted, ...removals, ...nested.flatMap((part) => part.differences)], bytes };
}

function diffArray(before: readonly Value[], after: Value[], path: Path): Part | null {
  const differences: Difference[] = [];
  let bytes = EMPTY_BYTES + ARRAY_MARK_BYTES;
  if (before.length > after.length) {
    differences.push({ kind: 'truncated', path, length: after.length });
    bytes += NEW_LENGTH_BYTES;
  }
  after.forEach((value, i) => {
    const old = before[i];
    if (old !== undefined && identicalValues(old, value)) return;
    const inner = old === undefined ? null : diffInner(old, value, [...path, i]);
    if (inner === null) differences.push({ kind: 'updated', path: [...path, i], value });
    else differences.push(...inner.differences);
    bytes += 1 + nameBytes(i) + (inner === null ? valueSize(value) : inner.bytes);
  });
  return bytes >= valueSize(after) ? null : { differences, bytes };
}

/** The diff of two values of the same shape; null when the value is told as a whole. */
function diffInner(before: Value, after: Value, path: Path): Part | null {
  if (before instanceof Doc && after instanceof Doc) return diffDoc(before, after, path, 0);
  if (Array.isArray(before) && Array.isArray(after)) return diffArray(before, after, path);
  return null;
}
