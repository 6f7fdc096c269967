/** BSON bytes that are not a document, or a document that BSON can't express. */
export class BsonError extends Error {
  override readonly name = 'BsonError';
}

/** How deep documents and arrays may nest. */
export const MAX_DEPTH = 180;
