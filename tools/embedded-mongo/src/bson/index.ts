export * from './doc.ts';
export { dateAt, FarDate, millisecondsOf } from './far-date.ts';
export * from './value.ts';
export * from './errors.ts';
export { decodeFields } from './decode-fields.ts';
export { decodeDoc } from './decode.ts';
export { docSize, encodeDoc, valueSize } from './encode.ts';
export * as decimal from './decimal.ts';
export type { Decimal } from './decimal.ts';
