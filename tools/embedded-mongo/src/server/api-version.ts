import type { Doc } from '../bson/index.ts';
import { optionalBoolean, optionalString } from '../commands/args.ts';
import { MongoError } from '../engine/index.ts';
import type { Command } from './context.ts';

/** The commands of MongoDB's Stable API, version 1, that are there. */
const STABLE = new Set([
  'abortTransaction',
  'aggregate',
  'bulkWrite',
  'collMod',
  'commitTransaction',
  'count',
  'create',
  'createIndexes',
  'delete',
  'drop',
  'dropDatabase',
  'dropIndexes',
  'endSessions',
  'explain',
  'find',
  'findAndModify',
  'getMore',
  'hello',
  'insert',
  'killCursors',
  'listCollections',
  'listDatabases',
  'listIndexes',
  'ping',
  'refreshSessions',
  'update',
]);

/**
 * Checks the version of the Stable API that a client asks for. No command of version 1 is deprecated, so there is nothing
 * for `apiDeprecationErrors` to refuse.
 * @throws MongoError 322 when it is not 1, 323 when the command is not part of it and `apiStrict` is given.
 */
export function checkApiVersion(command: Command, args: Doc): void {
  const version = optionalString(args, 'apiVersion', 'apiVersion');
  const strict = optionalBoolean(args, 'apiStrict', 'apiStrict');
  const deprecation = optionalBoolean(args, 'apiDeprecationErrors', 'apiDeprecationErrors');
  if (version === undefined) {
    if (strict === undefined && deprecation === undefined) return;
    throw new MongoError(4886600, 'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion');
  }
  if (version !== '1') throw new MongoError(322, 'API version must be "1"');
  if (strict === true && !STABLE.has(command.name)) {
    throw new MongoError(
      323,
      `Provided apiStrict:true, but the command ${command.name} is not in API Version 1. Information on supported commands and migrations in API Version 1 can be found at https://dochub.mongodb.org/core/manual-versioned-api`,
    );
  }
}
