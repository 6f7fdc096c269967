import { Doc } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import { MongoError, prefixed } from '../errors.ts';
import { compileDocTest } from '../filter/compile.ts';
import type { FilterOptions } from '../filter/compile.ts';
import { formatDoc } from '../format.ts';
import type { ElementTests, Modification } from './types.ts';

/**
 * Compiles the array filters of an update.
 * @throws MongoError when a filter names no or several elements, or filters and paths don't fit each other.
 */
export function compileArrayFilters(
  filters: readonly Value[],
  modifications: readonly Modification[],
  update: Doc,
  options: FilterOptions,
): ElementTests {
  const tests = new Map<string, (element: Value) => boolean>();
  filters.forEach((filter, i) => {
    if (!(filter instanceof Doc)) {
      throw new MongoError(
        14,
        `BSON field 'update.updates.arrayFilters.${i}' is the wrong type, expected type 'object'`,
      );
    }
    const name = identifierOf(filter);
    if (tests.has(name))
      throw new MongoError(9, `Found multiple array filters with the same top-level field name ${name}`);
    const test = prefixed('Error parsing array filter', () => compileDocTest(filter, options));
    tests.set(name, (element) => test(new Doc([name], [element]), null));
  });
  checkUse(tests, modifications, update);
  return tests;
}

function identifierOf(filter: Doc): string {
  const names = [...new Set(namesIn(filter))];
  const [name, other] = names;
  if (name === undefined)
    throw new MongoError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
  if (other !== undefined) {
    throw new MongoError(
      9,
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${name}' and '${other}'`,
    );
  }
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) {
    throw new MongoError(
      2,
      'Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a ' +
        `lowercase letter, found '${name}'`,
    );
  }
  return name;
}

function namesIn(filter: Doc): string[] {
  return filter.keys.flatMap((key, i) => {
    const value = filter.values[i]!;
    if (!key.startsWith('$')) return [key.split('.')[0]!];
    return Array.isArray(value) ? value.flatMap((clause) => (clause instanceof Doc ? namesIn(clause) : [])) : [];
  });
}

function checkUse(tests: ElementTests, modifications: readonly Modification[], update: Doc): void {
  const used = new Set<string>();
  for (const { parts, path } of modifications) {
    for (const part of parts) {
      if (!part.startsWith('$[') || part === '$[]') continue;
      const name = part.slice(2, -1);
      if (!tests.has(name)) throw new MongoError(2, `No array filter found for identifier '${name}' in path '${path}'`);
      used.add(name);
    }
  }
  for (const name of tests.keys()) {
    if (!used.has(name)) {
      throw new MongoError(
        9,
        `The array filter for identifier '${name}' was not used in the update ${formatDoc(update)}`,
      );
    }
  }
}
