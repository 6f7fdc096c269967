import { Doc, isNumber, isTimestamp, typeName, type Value } from '../bson/index.ts';
import { codeNameOf, MongoError, numberOf } from '../engine/index.ts';
import type { Command } from './context.ts';
import type { SessionOptions } from './session-options.ts';

const FAILED_TO_PARSE = 9;
const INVALID_OPTIONS = 72;

const LEVELS = new Set(['local', 'majority', 'available', 'linearizable', 'snapshot']);
const TRANSACTION_LEVELS = new Set(['local', 'majority', 'snapshot']);
const READ_FIELDS = new Set(['level', 'afterClusterTime', 'atClusterTime']);

/**
 * Checks the read concern of a command. A time to read after is always past: there is one node, which has all writes.
 * @throws MongoError 9, 14, 72, 238
 */
export function checkReadConcern(command: Command, args: Doc, session: SessionOptions): void {
  const concern = args.get('readConcern');
  if (concern === undefined) return;
  if (!(concern instanceof Doc)) throw new MongoError(FAILED_TO_PARSE, 'readConcern field should be an object');
  const unknown = concern.keys.find((key) => !READ_FIELDS.has(key));
  if (unknown !== undefined) throw new MongoError(INVALID_OPTIONS, `Unrecognized option in readConcern: ${unknown}`);
  const level = concern.get('level') ?? 'local';
  if (typeof level !== 'string') {
    throw new MongoError(14, `"level" had the wrong type. Expected string, found ${typeName(level)}`);
  }
  if (!LEVELS.has(level)) {
    throw new MongoError(
      FAILED_TO_PARSE,
      "readConcern.level must be either 'local', 'majority', 'linearizable', 'available', or 'snapshot'",
    );
  }
  const after = concern.get('afterClusterTime');
  if (after !== undefined && !isTimestamp(after)) {
    throw new MongoError(14, `"afterClusterTime" had the wrong type. Expected timestamp, found ${typeName(after)}`);
  }
  if (after !== undefined && !TRANSACTION_LEVELS.has(level)) {
    throw new MongoError(
      INVALID_OPTIONS,
      'afterClusterTime field can be set only if level is equal to majority, local, or snapshot',
    );
  }
  if (concern.has('atClusterTime')) {
    throw new MongoError(238, 'reading at a cluster time is not supported by the embedded server');
  }
  if (session.inTransaction) {
    checkInTransaction(level, concern, session);
    return;
  }
  if (level === 'snapshot') {
    throw new MongoError(238, 'the read concern snapshot is supported in transactions only');
  }
  if (level !== 'local' && command.reads !== true) {
    throw new MongoError(INVALID_OPTIONS, `Command ${command.name} does not support { readConcern: "${level}" }`);
  }
}

function checkInTransaction(level: string, concern: Doc, session: SessionOptions): void {
  if (concern.size > 0 && !session.startsTransaction) {
    throw new MongoError(INVALID_OPTIONS, 'Only the first command in a transaction may specify a readConcern');
  }
  if (!TRANSACTION_LEVELS.has(level)) {
    throw new MongoError(
      INVALID_OPTIONS,
      "The readConcern level must be either 'local' (default), 'majority' or 'snapshot' in order to run in a transaction",
    );
  }
}

/** Reads that are never to see what a crash can take back. Others see each commit at once, as on MongoDB. */
export function readsDurably(args: Doc): boolean {
  const concern = args.get('readConcern');
  const level = concern instanceof Doc ? concern.get('level') : undefined;
  return level === 'majority' || level === 'linearizable';
}

const WRITE_FIELDS = new Set(['w', 'j', 'fsync', 'wtimeout']);
const MAX_NODES = 50;

/**
 * Checks the write concern of a command and answers the error that goes with the result when the set, which has one
 * node, can't satisfy it; null when it can. What it can satisfy it always does: writes are answered when they are on disk.
 * @throws MongoError 9, 14, 72
 */
export function readWriteConcern(command: Command, args: Doc, session: SessionOptions): Doc | null {
  const concern = args.get('writeConcern');
  if (concern === undefined) return null;
  if (!(concern instanceof Doc)) {
    throw new MongoError(
      14,
      `BSON field 'writeConcern' is the wrong type '${typeName(concern)}', expected type 'object'`,
    );
  }
  const unknown = concern.keys.find((key) => !WRITE_FIELDS.has(key));
  if (unknown !== undefined) {
    throw new MongoError(FAILED_TO_PARSE, `unrecognized write concern field: ${unknown}`);
  }
  for (const key of ['j', 'fsync']) checkFlag(key, concern.get(key));
  const timeout = concern.get('wtimeout');
  if (timeout !== undefined && !isNumber(timeout)) {
    throw new MongoError(14, `wtimeout has to be a number, not ${typeName(timeout)}`);
  }
  const ends = command.name === 'commitTransaction' || command.name === 'abortTransaction';
  if (session.inTransaction && !ends && concern.size > 0) {
    throw new MongoError(INVALID_OPTIONS, 'writeConcern is not allowed within a multi-statement transaction');
  }
  if (command.writes !== true && concern.size > 0) {
    throw new MongoError(INVALID_OPTIONS, `Command ${command.name} does not support writeConcern`);
  }
  return unsatisfied(concern);
}

function checkFlag(key: string, value: Value | undefined): void {
  if (value === undefined || typeof value === 'boolean' || isNumber(value)) return;
  throw new MongoError(FAILED_TO_PARSE, `${key} must be numeric or a boolean value`);
}

function unsatisfied(concern: Doc): Doc | null {
  const nodes = concern.get('w') ?? 1;
  if (nodes === 'majority') return null;
  if (typeof nodes === 'string') {
    const message = `No write concern mode named '${nodes}' found in replica set configuration`;
    return concernError(79, message, concern);
  }
  if (!isNumber(nodes)) {
    throw new MongoError(FAILED_TO_PARSE, `w has to be a number or a string, not ${typeName(nodes)}`);
  }
  const count = numberOf(nodes);
  if (!(count >= 0 && count <= MAX_NODES)) {
    throw new MongoError(FAILED_TO_PARSE, `w has to be a non-negative number and not greater than ${MAX_NODES}`);
  }
  return count > 1 ? concernError(100, 'Not enough data-bearing nodes', concern) : null;
}

const concernError = (code: number, message: string, concern: Doc): Doc =>
  Doc.of(
    ['code', code],
    ['codeName', codeNameOf(code)],
    ['errmsg', message],
    ['errInfo', Doc.of(['writeConcern', concern])],
  );
