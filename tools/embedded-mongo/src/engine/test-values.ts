import { BSON } from 'bson';
import { decodeDoc, encodeDoc } from '../bson/index.ts';
import type { Value, Doc } from '../bson/index.ts';

/** For tests: a document from a plain object, by way of its BSON form. */
export function docOf(object: object): Doc {
  return decodeDoc(BSON.serialize(object, { ignoreUndefined: true }));
}

/** For tests: documents from plain objects. */
export function docsOf(...objects: object[]): Doc[] {
  return objects.map(docOf);
}

/** For tests: values from a plain array. */
export function valuesOf(array: readonly unknown[]): Value[] {
  return docOf({ array }).get('array') as Value[];
}

/** For tests: a document as a plain object with the number types kept as the driver shows them. */
export function plain(doc: Doc): Record<string, unknown> {
  return BSON.deserialize(encodeDoc(doc), { promoteValues: true, promoteLongs: false });
}
