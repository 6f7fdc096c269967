import { randomUUID } from 'node:crypto';
import { Binary, Doc, isLong, isNumber, Long, type Value } from '../bson/index.ts';
import { MongoError, numberOf } from '../engine/index.ts';
import type { Command, CommandContext, ServerContext } from '../server/context.ts';
import { sessionKey } from '../server/session-options.ts';
import { abortTransaction, commitTransaction } from '../server/transactions.ts';
import { SESSION_TIMEOUT_MS } from '../sessions/sessions.ts';
import { optionalArray, optionalDoc, requiredDocs, requiredString } from './args.ts';
import { getMore } from './get-more.ts';
import { namespaceOf } from './namespace.ts';

const commit: Command = {
  name: 'commitTransaction',
  writes: true,
  fields: new Set(['recoveryToken']),
  adminOnly: true,
  async run(context) {
    const { session, txnNumber } = transactionOf(context);
    await commitTransaction(context.server, session, txnNumber);
    return new Doc();
  },
};

const abort: Command = {
  name: 'abortTransaction',
  writes: true,
  fields: new Set(['recoveryToken']),
  adminOnly: true,
  run(context) {
    const { session, txnNumber } = transactionOf(context);
    if (session.txnNumber === txnNumber && session.status === 'committed') {
      throw new MongoError(256, `Transaction ${txnNumber} has been committed.`);
    }
    if (session.txnNumber !== txnNumber || session.status !== 'open') {
      throw new MongoError(251, `Transaction with { txnNumber: ${txnNumber} } has been aborted.`);
    }
    abortTransaction(context.server, session);
    return new Doc();
  },
};

function transactionOf(context: CommandContext) {
  const number = context.args.get('txnNumber');
  if (context.session === null || !isNumber(number) || context.args.get('autocommit') !== false) {
    throw new MongoError(125, `${context.name} must be run within a transaction`);
  }
  return { session: context.session, txnNumber: numberOf(number) };
}

const startSession: Command = {
  name: 'startSession',
  fields: new Set(),
  run() {
    const id = new Binary(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), 4);
    return Doc.of(['id', Doc.of(['id', id])], ['timeoutMinutes', SESSION_TIMEOUT_MS / 60_000]);
  },
};

/** Marks sessions as used. */
const refreshSessions: Command = {
  name: 'refreshSessions',
  fields: new Set(),
  run({ server, args, name }) {
    for (const key of sessionsNamed(args, name)) server.sessions.open(key);
    return new Doc();
  },
};

const endSessions: Command = {
  name: 'endSessions',
  fields: new Set(),
  run({ server, args, name }) {
    for (const key of sessionsNamed(args, name)) endSession(server, key);
    return new Doc();
  },
};

/** As endSessions; with an empty list, all sessions. */
const killSessions: Command = {
  name: 'killSessions',
  fields: new Set(),
  run({ server, args, name }) {
    const named = sessionsNamed(args, name);
    const keys = named.length > 0 ? named : [...server.sessions.all()].map(({ key }) => key);
    for (const key of keys) endSession(server, key);
    return new Doc();
  },
};

const sessionsNamed = (args: Doc, name: string): string[] => requiredDocs(args, name, name).map(sessionKey);

/** Forgets a session and what belongs to it. A command under way ends first: others may build on what it has begun. */
function endSession(server: ServerContext, key: string): void {
  const session = server.sessions.get(key);
  if (session === undefined) return;
  if (session.busy !== null) {
    void session.busy.then(() => endSession(server, key));
    return;
  }
  if (session.status === 'open') abortTransaction(server, session);
  server.cursors.closeSession(key);
  server.sessions.forget(key);
}

const killCursors: Command = {
  name: 'killCursors',
  fields: new Set(['cursors']),
  transactional: true,
  run({ server, db, args }) {
    namespaceOf('killCursors', db, args);
    const killed: Value[] = [];
    const missing: Value[] = [];
    const cursors = optionalArray(args, 'cursors', 'killCursors.cursors');
    if (cursors === undefined) {
      throw new MongoError(40414, "BSON field 'killCursors.cursors' is missing but a required field");
    }
    for (const id of cursors) {
      if (!isLong(id)) throw new MongoError(14, "BSON field 'killCursors.cursors' has to hold longs");
      (server.cursors.close(id) ? killed : missing).push(id);
    }
    return Doc.of(
      ['cursorsKilled', killed],
      ['cursorsNotFound', missing],
      ['cursorsAlive', []],
      ['cursorsUnknown', []],
    );
  },
};

const configureFailPoint: Command = {
  name: 'configureFailPoint',
  fields: new Set(['mode', 'data']),
  adminOnly: true,
  run({ server, args }) {
    const name = requiredString(args, 'configureFailPoint', 'configureFailPoint.configureFailPoint');
    const data = optionalDoc(args, 'data', 'configureFailPoint.data') ?? new Doc();
    const count = server.failpoints.configure(name, args.get('mode') ?? null, data);
    return Doc.of(['count', Long.fromNumber(count)]);
  },
};

export const sessionCommands: readonly Command[] = [
  commit,
  abort,
  startSession,
  refreshSessions,
  endSessions,
  killSessions,
  getMore,
  killCursors,
  configureFailPoint,
];
