import { mongo } from 'mongoose';

const DUPLICATE_KEY = 11000;

/**
 * Whether an error is a violation of a unique index; with `indexName`, of that one.
 * Inside a transaction such an error has already aborted it: catch it outside only.
 */
export const isDuplicateKeyError = (error: unknown, indexName?: string): boolean => {
  if (!(error instanceof mongo.MongoError) || error.code !== DUPLICATE_KEY) return false;
  return indexName === undefined || error.message.includes(`index: ${indexName} `);
};

/** The text that stood in a unique index already, as MongoDB's message tells it; undefined for anything but a text. */
export const duplicateValueOf = (error: unknown): string | undefined =>
  isDuplicateKeyError(error) && error instanceof Error
    ? / dup key: \{ [^:]+: "([^"]*)"/.exec(error.message)?.[1]
    : undefined;

/** What went wrong on the way to the server; the driver wraps it where many are written at once, and then it is no network error. */
const unwrapped = (error: unknown): unknown => {
  if (!(error instanceof mongo.MongoBulkWriteError)) return error;
  const { errorResponse }: { errorResponse?: unknown } = error;
  return errorResponse instanceof Error ? errorResponse : error;
};

/** Whether an operation got no answer because its connection, or the pool that it was to have one of, was closed. */
export const isConnectionLost = (error: unknown): boolean => unwrapped(error) instanceof mongo.MongoNetworkError;

/** Whether an error means that MongoDB can't serve at the moment (answered with 503). */
export const isMongoUnavailable = (error: unknown): boolean => {
  const cause = unwrapped(error);
  return (
    cause instanceof mongo.MongoNetworkError ||
    cause instanceof mongo.MongoServerSelectionError ||
    cause instanceof mongo.MongoNotConnectedError ||
    cause instanceof mongo.MongoTopologyClosedError ||
    (cause instanceof mongo.MongoError && cause.hasErrorLabel('RetryableWriteError')) ||
    (cause instanceof Error && cause.name === 'MongooseServerSelectionError')
  );
};

/** Whether an error leaves open if the transaction was committed: nobody came by the answer. */
export const isCommitUnknown = (error: unknown): boolean =>
  error instanceof Error &&
  'errorLabels' in error &&
  Array.isArray(error.errorLabels) &&
  error.errorLabels.includes('UnknownTransactionCommitResult');
