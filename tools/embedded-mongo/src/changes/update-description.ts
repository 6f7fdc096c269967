import { Doc, type MaybeValue, type Value } from '../bson/index.ts';
import type { UpdateForm } from '../storage/ops.ts';
import { diffDocuments, type Difference, type Path } from './document-diff.ts';

/** The `updateDescription` of an update; null when the change is told as a replacement. */
export function describeUpdate(before: Doc, after: Doc, form: UpdateForm, expanded: boolean): Doc | null {
  if (form === 'replacement') return null;
  const differences = form === 'pipeline' ? diffDocuments(before, after) : ofPaths(after, form);
  if (differences === null) return null;
  const updated = new Doc();
  const removed: Value[] = [];
  const truncated: Value[] = [];
  const exact = new Doc();
  for (const difference of differences) {
    const name = difference.path.join('.');
    if (difference.kind === 'updated') updated.set(name, difference.value);
    else if (difference.kind === 'removed') removed.push(name);
    else truncated.push(Doc.of(['field', name], ['newSize', difference.length]));
    if (isAmbiguous(difference.path)) exact.set(name, [...difference.path]);
  }
  const description = Doc.of(['updatedFields', updated], ['removedFields', removed], ['truncatedArrays', truncated]);
  return expanded ? description.append('disambiguatedPaths', exact) : description;
}

/** Whether a path joined by dots could be read in another way. */
function isAmbiguous(path: Path): boolean {
  return path.some(
    (part, i) => typeof part === 'string' && (part.includes('.') || (i > 0 && /^(0|[1-9]\d*)$/.test(part))),
  );
}

/** What operators that changed these paths have made of them. */
function ofPaths(after: Doc, paths: readonly string[]): Difference[] {
  const differences: Difference[] = [];
  const told = new Set<string>();
  for (const text of paths) {
    if (told.has(text) || paths.some((other) => text.startsWith(`${other}.`))) continue;
    told.add(text);
    const { path, value } = follow(after, text.split('.'));
    differences.push(value === undefined ? { kind: 'removed', path } : { kind: 'updated', path, value });
  }
  return differences;
}

function follow(doc: Doc, parts: readonly string[]): { path: Path; value: MaybeValue } {
  const path: (string | number)[] = [];
  let value: MaybeValue = doc;
  for (const part of parts) {
    if (Array.isArray(value)) {
      const place = Number(part);
      path.push(place);
      value = value[place];
    } else {
      path.push(part);
      value = value instanceof Doc ? value.get(part) : undefined;
    }
  }
  return { path, value };
}
