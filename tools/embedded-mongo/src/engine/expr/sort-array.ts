import { Doc, isNumber, typeName } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import { compareValues } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { numberOf } from '../numbers.ts';
import { compileSort } from '../sort.ts';
import { expression, nullish } from './core.ts';
import type { Compiler } from './core.ts';
import { compileExpression } from './index.ts';
import { namedArguments } from './named.ts';
import type { Scope } from './scope.ts';

/** `$sortArray`: by the elements themselves or by fields of them. */
export const sortArray: Compiler = (argument, scope) => {
  const given = namedArguments(argument, {
    operator: '$sortArray',
    required: {
      input: [2942502, "$sortArray requires 'input' to be specified"],
      sortBy: [2942503, "$sortArray requires 'sortBy' to be specified"],
    },
    notObject: (found) => [2942500, `$sortArray requires an object as an argument, found: ${typeName(found)}`],
    unknown: (name) => [2942501, `$sortArray found an unknown argument: ${name}`],
  });
  const compare = comparator(given['sortBy']!, scope);
  const input = compileExpression(given['input']!, scope);
  return expression([input], scope, () => {
    const array = input.run();
    if (nullish(array)) return null;
    if (!Array.isArray(array)) {
      throw new MongoError(
        2942504,
        `The input argument to $sortArray must be an array, but was of type: ${typeName(array)}`,
      );
    }
    return array.toSorted(compare);
  });
};

/** The order of elements that a `sortBy` describes. */
export function comparator(sortBy: Value, scope: Scope): (a: Value, b: Value) => number {
  const { collation } = scope.runtime;
  const direction = isNumber(sortBy) ? numberOf(sortBy) : 0;
  if (direction === 1 || direction === -1) return (a, b) => compareValues(a, b, collation) * direction;
  if (isNumber(sortBy)) throw new MongoError(2942506, 'The $sort element value must be either 1 or -1');
  if (!(sortBy instanceof Doc)) {
    throw new MongoError(
      2942507,
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  if (sortBy.size === 0) throw new MongoError(2942508, 'The sort pattern is empty when it should be a set of fields.');
  const sort = compileSort(sortBy, collation);
  const none = new Doc();
  const asDoc = (value: Value): Doc => (value instanceof Doc ? value : none);
  return (a, b) => sort.compare(asDoc(a), asDoc(b));
}
