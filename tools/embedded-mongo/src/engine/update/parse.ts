import { Doc, typeName } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { formatElement } from '../format.ts';
import { isIndex } from '../path.ts';
import { arrayOperators } from './arrays.ts';
import { checkRename, fieldOperators } from './fields.ts';
import type { FieldOperator } from './fields.ts';
import type { Modification } from './types.ts';

// Operators that leave missing fields alone.
const NOT_CREATING = new Set(['$unset', '$pop', '$pull', '$pullAll']);

/** Reads an update document of operators into modifications, sorted in the order in which new fields appear. */
export function parseModifications(update: Doc): Modification[] {
  const modifications: Modification[] = [];
  const taken: PathTree = new Map();
  for (let i = 0; i < update.keys.length; i++) {
    const name = update.keys[i]!;
    const spec = update.values[i]!;
    const operator = operatorOf(name);
    if (!(spec instanceof Doc)) {
      throw new MongoError(
        9,
        `Modifiers operate on fields but we found type ${typeName(spec)} instead. For example: {$mod: {<field>: ...}} not ` +
          `{${formatElement(name, spec)}}`,
      );
    }
    for (let j = 0; j < spec.keys.length; j++) {
      modifications.push(parseOne(name, operator, spec.keys[j]!, spec.values[j]!, taken));
    }
  }
  return modifications.sort(byPath);
}

function operatorOf(name: string): FieldOperator | undefined {
  if (Object.hasOwn(fieldOperators, name)) return fieldOperators[name];
  if (Object.hasOwn(arrayOperators, name)) return arrayOperators[name];
  if (name === '$rename') return undefined;
  throw new MongoError(
    9,
    `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
  );
}

function parseOne(
  name: string,
  operator: FieldOperator | undefined,
  path: string,
  argument: Value,
  taken: PathTree,
): Modification {
  const parts = splitPath(path);
  if (operator) {
    const update = operator(argument, path);
    claim(taken, path, parts);
    const creates = !NOT_CREATING.has(name);
    return { operator: name, path, parts, update, creates };
  }
  claim(taken, path, parts);
  const target = checkRename(path, argument);
  const targetParts = splitPath(target);
  claim(taken, target, targetParts);
  return {
    operator: name,
    path: target,
    parts: targetParts,
    update: (current) => current,
    creates: true,
    source: parts,
  };
}

function splitPath(path: string): string[] {
  if (path === '') throw new MongoError(56, 'An empty update path is not valid.');
  const parts = path.split('.');
  if (parts.includes('')) {
    throw new MongoError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  }
  const positional = parts.filter((part) => part === '$').length;
  if (parts[0] === '$' || parts[0]!.startsWith('$[')) {
    throw new MongoError(2, `Cannot have positional (i.e. '$') element in the first position in path '${path}'`);
  }
  if (positional > 1) throw new MongoError(2, `Too many positional (i.e. '$') elements found in path '${path}'`);
  return parts;
}

type PathTree = Map<string, PathTree | null>;

// A path may be touched once, and not together with a path below it.
function claim(tree: PathTree, path: string, parts: readonly string[]): void {
  let node = tree;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    const last = i === parts.length - 1;
    const child = node.get(part);
    if (child === null || (last && child !== undefined)) throw conflict(path, parts.slice(0, i + 1));
    if (child === undefined && overlapsAll(node, part)) throw conflict(path, parts.slice(0, i));
    if (last) {
      node.set(part, null);
    } else if (child === undefined) {
      const next: PathTree = new Map();
      node.set(part, next);
      node = next;
    } else {
      node = child;
    }
  }
}

// All elements and a single one can't be named at once.
function overlapsAll(node: PathTree, part: string): boolean {
  if (part === '$[]') return [...node.keys()].some((key) => isIndex(key) || key === '$');
  return node.has('$[]') && (isIndex(part) || part === '$');
}

function conflict(path: string, at: readonly string[]): MongoError {
  return new MongoError(40, `Updating the path '${path}' would create a conflict at '${at.join('.')}'`);
}

// New fields appear in the order of their names, numbers among them by value.
function byPath(a: Modification, b: Modification): number {
  const length = Math.min(a.parts.length, b.parts.length);
  for (let i = 0; i < length; i++) {
    const order = comparePart(a.parts[i]!, b.parts[i]!);
    if (order !== 0) return order;
  }
  return a.parts.length - b.parts.length;
}

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  const numericA = isIndex(a);
  const numericB = isIndex(b);
  if (numericA && numericB) return Number(a) - Number(b);
  if (numericA !== numericB) return numericA ? -1 : 1;
  return a < b ? -1 : 1;
}
