import { Doc } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';

/** What happens to one field: kept, dropped, computed anew, or changed where it stands. */
export type Leaf =
  | { readonly kind: 'include' }
  | { readonly kind: 'exclude' }
  | { readonly kind: 'compute'; readonly run: () => MaybeValue }
  | { readonly kind: 'transform'; readonly apply: (value: Value) => Value };

/** The fields of one level, in the order of the specification. */
export interface Node {
  readonly kind: 'node';
  readonly fields: Map<string, Leaf | Node>;
  computes: boolean;
}

export function createNode(): Node {
  return { kind: 'node', fields: new Map(), computes: false };
}

/** Puts a leaf at a path. @throws MongoError when paths overlap. */
export function addLeaf(root: Node, parts: readonly string[], leaf: Leaf): void {
  let node = root;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (leaf.kind === 'compute') node.computes = true;
    const existing = node.fields.get(part);
    if (i === parts.length - 1) {
      if (existing) throw new MongoError(31250, `Path collision at ${parts.join('.')}`);
      node.fields.set(part, leaf);
    } else if (existing && existing.kind !== 'node') {
      throw new MongoError(
        31249,
        `Path collision at ${parts.join('.')} remaining portion ${parts.slice(i + 1).join('.')}`,
      );
    } else if (existing) {
      node = existing;
    } else {
      const next = createNode();
      node.fields.set(part, next);
      node = next;
    }
  }
}

/** Keeps the fields named, then sets the computed ones. */
export function include(doc: Doc, node: Node): Doc {
  const kept = keep(doc, node);
  return node.computes ? setComputed(kept, node) : kept;
}

function keep(doc: Doc, node: Node): Doc {
  const result = new Doc();
  const { keys, values } = doc;
  for (let i = 0; i < keys.length; i++) {
    const field = node.fields.get(keys[i]!);
    if (field === undefined || field.kind === 'compute' || field.kind === 'exclude') continue;
    const value = field.kind === 'node' ? keepValue(values[i]!, field) : transformed(values[i]!, field);
    if (value !== undefined) result.append(keys[i]!, value);
  }
  return result;
}

function transformed(value: Value, leaf: Leaf): Value {
  return leaf.kind === 'transform' ? leaf.apply(value) : value;
}

function keepValue(value: Value, node: Node): MaybeValue {
  if (value instanceof Doc) return keep(value, node);
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item) => keepValue(item, node));
  // Scalars vanish from arrays, unless a computed field is going to stand in their place.
  return node.computes ? items.map((item) => item ?? new Doc()) : items.filter((item) => item !== undefined);
}

/** Sets the computed fields of a document, which is changed in place. */
function setComputed(doc: Doc, node: Node): Doc {
  for (const [name, field] of node.fields) {
    if (field.kind === 'compute') {
      const value = field.run();
      if (value === undefined) doc.delete(name);
      else doc.set(name, value);
    } else if (field.kind === 'node' && field.computes) {
      doc.set(name, computedBelow(doc.get(name), field));
    }
  }
  return doc;
}

function computedBelow(value: MaybeValue, node: Node): Value {
  if (value instanceof Doc) return setComputed(value.clone(), node);
  if (Array.isArray(value)) return value.map((item) => computedBelow(item, node));
  return setComputed(new Doc(), node);
}

/** A copy of the document with the computed fields set; others stay. */
export function addFields(doc: Doc, node: Node): Doc {
  return setComputed(doc.clone(), node);
}

/** Drops the fields named and keeps the others. */
export function exclude(doc: Doc, node: Node): Doc {
  const result = new Doc();
  const { keys, values } = doc;
  for (let i = 0; i < keys.length; i++) {
    const field = node.fields.get(keys[i]!);
    if (field === undefined || field.kind === 'include') {
      result.append(keys[i]!, values[i]!);
    } else if (field.kind === 'node') {
      result.append(keys[i]!, excludeBelow(values[i]!, field));
    } else if (field.kind === 'transform') {
      result.append(keys[i]!, field.apply(values[i]!));
    } else if (field.kind === 'compute') {
      const value = field.run();
      if (value !== undefined) result.append(keys[i]!, value);
    }
  }
  return result;
}

function excludeBelow(value: Value, node: Node): Value {
  if (value instanceof Doc) return exclude(value, node);
  if (Array.isArray(value)) return value.map((item) => excludeBelow(item, node));
  return value;
}
