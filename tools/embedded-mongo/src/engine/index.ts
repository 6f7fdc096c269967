export { codeNameOf, MongoError, prefixed, withPrefix } from './errors.ts';
export { compareValues, equalValues } from './compare.ts';
export { encodeCompoundKey, encodeKey, invertKey } from './keys.ts';
export { createCollation, parseCollation } from './collation.ts';
export type { Collation } from './collation.ts';
export { compareNumbers, numberOf } from './numbers.ts';
