import { Binary, Doc, isLong, typeName, type Value } from '../bson/index.ts';
import { checkInnerFields } from '../commands/args.ts';
import { MongoError, numberOf } from '../engine/index.ts';
import type { Command } from './context.ts';

/** What a command says of its session: who it belongs to, and whether it is a retryable write or in a transaction. */
export interface SessionOptions {
  /** Hex of the session's id; null outside of sessions. */
  readonly key: string | null;
  readonly txnNumber: number | null;
  readonly inTransaction: boolean;
  readonly startsTransaction: boolean;
}

const INVALID_OPTIONS = 72;
const NOT_IN_TRANSACTIONS = 263;
const NOT_RETRYABLE = 50768;

/** Databases that transactions may not touch, save by the commands that belong to transactions. */
const SERVER_DATABASES = new Set(['admin', 'config', 'local']);

/**
 * Reads lsid, txnNumber, autocommit and startTransaction, with the checks of MongoDB's OperationSessionInfo.
 * @throws MongoError 14, 40414, 72, 263, 50768
 */
export function readSessionOptions(command: Command, db: string, args: Doc): SessionOptions {
  const lsid = args.get('lsid');
  const key = lsid === undefined ? null : sessionKey(lsid);
  const txnNumber = readNumber(args.get('txnNumber'));
  const autocommit = readFlag(args, 'autocommit');
  const starts = readFlag(args, 'startTransaction');
  if (txnNumber !== null && key === null) {
    throw invalid('Transaction number requires a session ID to also be specified');
  }
  if (txnNumber !== null && txnNumber < 0) throw invalid('Transaction number cannot be negative');
  if (txnNumber === null && autocommit !== undefined) {
    throw invalid("'autocommit' field requires a transaction number to also be specified");
  }
  if (autocommit === true) throw invalid('Specifying autocommit=true is not allowed.');
  if (autocommit === undefined && starts !== undefined) {
    throw invalid("'startTransaction' field requires 'autocommit' field to also be specified");
  }
  if (starts === false) throw invalid('Specifying startTransaction=false is not allowed.');
  if (autocommit === false) checkTransactional(command, db, starts === true);
  else if (txnNumber !== null && command.retryable !== true) {
    throw new MongoError(
      NOT_RETRYABLE,
      `txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and ${command.name} is not a retryable write command.`,
    );
  }
  return { key, txnNumber, inTransaction: autocommit === false, startsTransaction: starts === true };
}

function checkTransactional(command: Command, db: string, starts: boolean): void {
  if (command.adminOnly !== true && SERVER_DATABASES.has(db)) {
    throw notInTransactions(`Cannot run command against the '${db}' database in a transaction.`);
  }
  if (!starts) return;
  if (command.name === 'killCursors') {
    throw notInTransactions('Cannot run killCursors as the first operation in a multi-document transaction.');
  }
  if (command.name === 'commitTransaction') throw notInTransactions('Cannot start a transaction with a commit');
  if (command.name === 'abortTransaction') throw notInTransactions('Cannot start a transaction with an abort');
}

const invalid = (message: string): MongoError => new MongoError(INVALID_OPTIONS, message);
const notInTransactions = (message: string): MongoError => new MongoError(NOT_IN_TRANSACTIONS, message);

const LSID_FIELDS = new Set(['id']);

/** The name under which the server keeps a session, from its id as clients send it. @throws MongoError 14, 40414, 40415 */
export function sessionKey(lsid: Value): string {
  if (!(lsid instanceof Doc)) {
    throw new MongoError(14, `BSON field 'lsid' is the wrong type '${typeName(lsid)}', expected type 'object'`);
  }
  checkInnerFields('lsid', lsid, LSID_FIELDS);
  const id = lsid.get('id');
  if (id === undefined) throw new MongoError(40414, "BSON field 'lsid.id' is missing but a required field");
  if (!(id instanceof Binary) || id.sub_type !== 4 || id.position !== 16) {
    throw new MongoError(14, "BSON field 'lsid.id' is the wrong type, expected a UUID");
  }
  return Buffer.from(id.buffer.subarray(0, id.position)).toString('hex');
}

function readNumber(value: Value | undefined): number | null {
  if (value === undefined) return null;
  if (isLong(value)) return numberOf(value);
  throw new MongoError(14, `BSON field 'txnNumber' is the wrong type '${typeName(value)}', expected type 'long'`);
}

function readFlag(args: Doc, name: string): boolean | undefined {
  const value = args.get(name);
  if (value === undefined || typeof value === 'boolean') return value;
  throw new MongoError(14, `BSON field '${name}' is the wrong type '${typeName(value)}', expected type 'bool'`);
}
