export { createMongo } from './mongo.ts';
export type { Mongo, RetiredIndex } from './mongo.ts';
export { afterCommit, insertLast, sessionOf, sessionOption } from './transaction.ts';
export type { Tx } from './transaction.ts';
export { duplicateValueOf, isCommitUnknown, isDuplicateKeyError, isMongoUnavailable } from './errors.ts';
export { newId, idAt } from './id.ts';
export { decodeCursor, encodeCursor } from './cursor.ts';
export { schemaOptions } from './schema-options.ts';
