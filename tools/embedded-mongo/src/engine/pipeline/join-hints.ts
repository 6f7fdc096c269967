import { Doc } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';

/** A field of the joined collection that has to equal a variable of the lookup. */
export interface EqualityHint {
  readonly field: string;
  readonly variable: string;
}

/**
 * Finds in the first `$match` of a lookup's pipeline an `$expr` that a field equals one of its variables. Such a lookup
 * needs to see only the documents with that value instead of the whole collection.
 */
export function equalityHint(stages: readonly Value[], variables: Doc): EqualityHint | undefined {
  const first = stages[0];
  const filter = first instanceof Doc ? first.get('$match') : undefined;
  const expression = filter instanceof Doc ? filter.get('$expr') : undefined;
  return expression === undefined ? undefined : hintOf(expression, variables);
}

function hintOf(expression: Value, variables: Doc): EqualityHint | undefined {
  if (!(expression instanceof Doc) || expression.size !== 1 || !Array.isArray(expression.values[0])) return undefined;
  const [operator] = expression.keys;
  const [operands] = expression.values as [Value[]];
  if (operator === '$and') {
    for (const operand of operands) {
      const hint = hintOf(operand, variables);
      if (hint) return hint;
    }
    return undefined;
  }
  if (operator !== '$eq' || operands.length !== 2) return undefined;
  const [a, b] = operands as [Value, Value];
  return pair(a, b, variables) ?? pair(b, a, variables);
}

function pair(field: Value, variable: Value, variables: Doc): EqualityHint | undefined {
  if (typeof field !== 'string' || typeof variable !== 'string') return undefined;
  if (!/^\$[^$]/.test(field) || !variable.startsWith('$$')) return undefined;
  const name = variable.slice(2);
  return variables.has(name) ? { field: field.slice(1), variable: name } : undefined;
}
