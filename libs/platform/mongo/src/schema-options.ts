/**
 * The schema options every model uses: `new Schema<T>({...}, { ...schemaOptions, collection: 'orders' })`.
 * Unknown paths throw, in documents and in filters alike: with mongoose's silent stripping a misspelt filter would match
 * every document. Versions and times are explicit fields of our documents. (mongoose's `sanitizeFilter` stays off: it
 * would wrap our own operators, and input reaches a filter only after zod made plain strings and numbers of it.)
 */
export const schemaOptions = {
  strict: 'throw',
  strictQuery: 'throw',
  versionKey: false,
  id: false,
  minimize: false,
  autoCreate: false,
} as const;
