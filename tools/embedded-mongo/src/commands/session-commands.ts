import { Binary, Doc, isLong, isNumber, Long, type Value } from '../bson/index.ts';
import { MongoError, numberOf } from '../engine/index.ts';
import type { Command, CommandContext } from '../server/context.ts';
import { abortTransaction, commitTransaction } from '../server/transactions.ts';
import { checkFields, optionalArray, optionalDocs } from './args.ts';
import { getMore } from './get-more.ts';

const commit: Command = {
  name: 'commitTransaction',
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

const endSessions: Command = {
  name: 'endSessions',
  fields: new Set(),
  run({ server, args, name }) {
    for (const lsid of optionalDocs(args, name, name) ?? []) {
      const id = lsid.get('id');
      if (!(id instanceof Binary)) continue;
      const key = Buffer.from(id.buffer.subarray(0, id.position)).toString('hex');
      const session = server.sessions.get(key);
      if (session === undefined || session.busy !== null) continue;
      if (session.status === 'open') abortTransaction(server, session);
      server.cursors.closeSession(key);
      server.sessions.forget(key);
    }
    return new Doc();
  },
};

const killCursors: Command = {
  name: 'killCursors',
  fields: null,
  transactional: true,
  run({ server, args }) {
    checkFields('killCursors', args, new Set(['cursors']));
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
    const name = args.values[0];
    const data = args.get('data');
    if (typeof name !== 'string') throw new MongoError(14, 'the name of a failpoint has to be a string');
    const count = server.failpoints.configure(name, args.get('mode') ?? null, data instanceof Doc ? data : undefined);
    return Doc.of(['count', Long.fromNumber(count)]);
  },
};

export const sessionCommands: readonly Command[] = [
  commit,
  abort,
  endSessions,
  { ...endSessions, name: 'killSessions' },
  getMore,
  killCursors,
  configureFailPoint,
];
