import { Doc } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { formatElement } from '../format.ts';
import { isIndex } from '../path.ts';
import type { ElementTests, Modification, UpdateContext } from './types.ts';

const MAX_PADDING = 1500000;

/** Applies one modification below a document and gives the changed document, or the same one when nothing changed. */
export function applyModification(
  doc: Doc,
  modification: Modification,
  tests: ElementTests,
  context: UpdateContext,
): Doc {
  if (modification.operator === '$setOnInsert' && !context.insert) return doc;
  if (modification.source) return applyRename(doc, modification, modification.source, context);
  return step({ modification, tests, context, path: [], told: false }, doc, 0) as Doc;
}

interface Walk {
  readonly modification: Modification;
  readonly tests: ElementTests;
  readonly context: UpdateContext;
  /** The concrete names passed so far. */
  readonly path: string[];
  /** The change below is told as part of a larger one: a field or an array as a whole. */
  told: boolean;
}

/** Notes that the value at the present path changes. */
function touch(walk: Walk, before: MaybeValue, after: MaybeValue): void {
  const { touched } = walk.context;
  if (touched === undefined || walk.told) return;
  const path = walk.path.join('.');
  const { operator } = walk.modification;
  const appends = operator === '$addToSet' || (operator === '$push' && Array.isArray(before) && before.length > 0);
  if (appends && Array.isArray(before) && Array.isArray(after) && before.every((item, i) => item === after[i])) {
    for (let i = before.length; i < after.length; i++) touched.push(`${path}.${i}`);
  } else {
    touched.push(path);
  }
}

function step(walk: Walk, value: MaybeValue, at: number): MaybeValue {
  const { modification, context } = walk;
  if (at === modification.parts.length) {
    const result = modification.update(value, context, walk.path.join('.'));
    if (result !== value) {
      context.changed = true;
      touch(walk, value, result);
    }
    return result;
  }
  const part = concrete(walk, modification.parts[at]!);
  if (part.startsWith('$[') && part.endsWith(']')) return stepAll(walk, value, at, part);
  if (value instanceof Doc) return stepDoc(walk, value, at, part);
  if (Array.isArray(value)) return stepArray(walk, value, at, part);
  if (value === undefined) return modification.creates ? stepMissing(walk, at, part) : undefined;
  return blocked(walk, value, part);
}

function concrete({ context }: Walk, part: string): string {
  if (part !== '$') return part;
  if (context.position === undefined) {
    throw new MongoError(2, 'The positional operator did not find the match needed from the query.');
  }
  return String(context.position);
}

function blocked({ modification, path }: Walk, value: Value, part: string): Value {
  const element = `{${formatElement(path.at(-1) ?? '', value)}}`;
  if (modification.creates) throw new MongoError(28, `Cannot create field '${part}' in element ${element}`);
  if (modification.operator === '$unset') return value;
  throw new MongoError(
    28,
    `Cannot use the part (${part}) of (${modification.path}) to traverse the element (${element})`,
  );
}

function descend(walk: Walk, value: MaybeValue, at: number, part: string): MaybeValue {
  walk.path.push(part);
  const result = step(walk, value, at + 1);
  walk.path.pop();
  return result;
}

function stepDoc(walk: Walk, doc: Doc, at: number, part: string): Doc {
  const { context } = walk;
  const current = doc.get(part);
  const result = descend(walk, current, at, part);
  if (result === current) return doc;
  if (at === 0 && part.startsWith('$') && current === undefined) throw dollarField(walk, part);
  const target = own(context, doc);
  if (result === undefined) target.delete(part);
  else target.set(part, result);
  return target;
}

function dollarField({ modification }: Walk, part: string): MongoError {
  return new MongoError(
    52,
    `The dollar ($) prefixed field '${part}' in '${modification.path}' is not allowed in the context of an update's ` +
      'replacement document. Consider using an aggregation pipeline with $replaceWith.',
  );
}

function own(context: UpdateContext, doc: Doc): Doc {
  if (context.owned.has(doc)) return doc;
  const copy = doc.clone();
  context.owned.add(copy);
  return copy;
}

function ownArray(context: UpdateContext, array: Value[]): Value[] {
  if (context.owned.has(array)) return array;
  const copy = array.slice();
  context.owned.add(copy);
  return copy;
}

function stepArray(walk: Walk, array: Value[], at: number, part: string): Value[] {
  if (!isIndex(part)) return blocked(walk, array, part) as Value[];
  const index = Number(part);
  const current = array[index];
  if (current === undefined && !walk.modification.creates) return array;
  const padding = index - array.length;
  if (padding > MAX_PADDING) throw new MongoError(34, `can't backfill more than ${MAX_PADDING} elements`);
  const result = descend(walk, current, at, part);
  if (result === current) return array;
  const target = ownArray(walk.context, array);
  while (target.length < index) target.push(null);
  // An element can't be taken out without moving the others, so a removed one becomes null.
  target[index] = result ?? null;
  return target;
}

function stepMissing(walk: Walk, at: number, part: string): MaybeValue {
  const { told } = walk;
  walk.told = true;
  const result = descend(walk, undefined, at, part);
  walk.told = told;
  if (result === undefined) return undefined;
  touch(walk, undefined, result);
  const doc = Doc.of([part, result]);
  walk.context.owned.add(doc);
  return doc;
}

function stepAll(walk: Walk, value: MaybeValue, at: number, part: string): MaybeValue {
  const name = walk.path.at(-1) ?? '';
  if (value === undefined) {
    throw new MongoError(
      2,
      `The path '${walk.path.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!Array.isArray(value)) {
    throw new MongoError(2, `Cannot apply array updates to non-array element ${formatElement(name, value)}`);
  }
  const test = part === '$[]' ? undefined : walk.tests.get(part.slice(2, -1));
  const matching: number[] = [];
  for (let i = 0; i < value.length; i++) if (!test || test(value[i]!)) matching.push(i);
  let target = value;
  const { told } = walk;
  // Of several elements the array as a whole is told, unless only one of them changes.
  walk.told ||= matching.length > 1;
  const changed: number[] = [];
  for (const i of matching) {
    const current = value[i]!;
    const result = descend(walk, current, at, String(i));
    if (result === current) continue;
    if (target === value) target = ownArray(walk.context, value);
    target[i] = result ?? null;
    changed.push(i);
  }
  const asWhole = matching.length > 1;
  walk.told = told;
  if (asWhole && changed.length > 1) touch(walk, undefined, target);
  else if (asWhole && changed.length === 1) {
    walk.path.push(String(changed[0]));
    touch(walk, undefined, target);
    walk.path.pop();
  }
  return target;
}

function applyRename(doc: Doc, modification: Modification, source: readonly string[], context: UpdateContext): Doc {
  const value = readSource(doc, source, context);
  if (value === undefined) return doc;
  checkTarget(doc, modification.parts, context);
  const none: ElementTests = new Map();
  const removal: Modification = {
    operator: '$unset',
    path: source.join('.'),
    parts: source,
    update: () => undefined,
    creates: false,
  };
  const setting: Modification = {
    operator: '$set',
    path: modification.path,
    parts: modification.parts,
    update: () => value,
    creates: true,
  };
  const placed = applyModification(doc, setting, none, context);
  return applyModification(placed, removal, none, context);
}

function readSource(doc: Doc, parts: readonly string[], context: UpdateContext): MaybeValue {
  let value: MaybeValue = doc;
  let array: string | undefined;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (value instanceof Doc) {
      value = value.get(part);
    } else if (Array.isArray(value) && isIndex(part)) {
      array ??= parts[i - 1]!;
      value = value[Number(part)];
    } else if (value === undefined) {
      return undefined;
    } else {
      const above = parts[i - 1] ?? '';
      throw new MongoError(
        28,
        `cannot use the part (${above} of ${parts.join('.')}) to traverse the element ({${formatElement(above, value)}})`,
      );
    }
  }
  if (value !== undefined && array !== undefined) throw arrayElement('source', parts, array, context);
  return value;
}

function checkTarget(doc: Doc, parts: readonly string[], context: UpdateContext): void {
  let value: MaybeValue = doc;
  for (let i = 0; i < parts.length; i++) {
    if (Array.isArray(value)) throw arrayElement('destination', parts, parts[i - 1]!, context);
    if (!(value instanceof Doc)) return;
    value = value.get(parts[i]!);
  }
}

function arrayElement(role: string, parts: readonly string[], array: string, context: UpdateContext): MongoError {
  return new MongoError(
    2,
    `The ${role} field cannot be an array element, '${parts.join('.')}' in doc with ${context.idText} has an array field ` +
      `called '${array}'`,
  );
}
