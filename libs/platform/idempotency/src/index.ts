export { nameIntent } from './intent.ts';
export type { Intent } from './intent.ts';
export { createIdempotencyKeys } from './keys.ts';
export type { Begun, Claim, IdempotencyKeys } from './keys.ts';
export { createIdempotencyRecords } from './records.ts';
export type { IdempotencyRecords, NoteResult } from './records.ts';
