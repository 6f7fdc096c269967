import { BsonError, Binary, decodeDoc, Doc, isLong, isNumber, type Value } from '../bson/index.ts';
import { checkFields } from '../commands/args.ts';
import { isWatch } from '../commands/watch.ts';
import { MongoError, numberOf } from '../engine/index.ts';
import type { Session } from '../sessions/sessions.ts';
import type { Request } from '../wire/messages.ts';
import type { Outcome } from '../wire/connection.ts';
import type { Command, CommandContext, ServerContext } from './context.ts';
import { createCommandContext } from './command-context.ts';
import { errorLabels } from './error-labels.ts';
import type { Failure } from './failpoints.ts';
import { encodeError, encodeReply, type Reply } from './reply.ts';
import { abortTransaction, advanceSession, enterTransaction } from './transactions.ts';
import type { Transaction } from '../storage/transaction.ts';

export type Dispatcher = (request: Request, connectionId: number) => Promise<Outcome>;

/** A parsed request, before its session is looked at. */
interface Call {
  readonly command: Command;
  readonly name: string;
  readonly db: string;
  readonly args: Doc;
  readonly sequences: ReadonlyMap<string, readonly Uint8Array[]>;
}

/** Creates the function that answers requests with the given commands. It never throws. */
export function createDispatcher(server: ServerContext, commands: ReadonlyMap<string, Command>): Dispatcher {
  return async (request, connectionId) => {
    let name = '';
    let failure: Failure | null = null;
    let args: Doc | null = null;
    try {
      const call = readCall(request, commands, (seen) => (name = seen));
      server.counters.set(call.name, (server.counters.get(call.name) ?? 0) + 1);
      ({ args } = call);
      failure = server.failpoints.check(call.name, namespaceHint(call));
      if (failure !== null) {
        if (failure.blockMs > 0) await new Promise((resolve) => setTimeout(resolve, failure?.blockMs));
        if (failure.closeConnection) return 'close';
        if (failure.errorCode !== null) {
          throw new MongoError(failure.errorCode, `Failing command via 'failCommand' failpoint`);
        }
      }
      const reply = await runInSession(server, call, connectionId);
      if (request.moreToCome) return 'silent';
      const concern = failure?.writeConcernError;
      if (concern && reply instanceof Doc) reply.set('writeConcernError', concern);
      return { reply: encodeReply(reply, server.clock.now()) };
    } catch (error) {
      if (request.moreToCome) return 'silent';
      const answer = toMongoError(error);
      const labels = failure?.errorLabels ?? errorLabels(answer, name, circumstances(server, name, args));
      return { reply: encodeError(answer, labels, server.clock.now()) };
    }
  };
}

/** What the labels of an error depend on. */
function circumstances(server: ServerContext, name: string, args: Doc | null) {
  const id = args?.values[0];
  const follows = name === 'getMore' && isLong(id) && server.cursors.isTail(id);
  return {
    inTransaction: args?.get('autocommit') === false,
    watching: follows || (name === 'aggregate' && isWatch(args?.get('pipeline'))),
  };
}

function toMongoError(error: unknown): MongoError {
  if (error instanceof MongoError) return error;
  if (error instanceof BsonError) return new MongoError(22, error.message);
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return new MongoError(15, 'the command nests too deeply');
  }
  process.stderr.write(
    `unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return new MongoError(8, error instanceof Error ? error.message : 'unknown error');
}

function readCall(request: Request, commands: ReadonlyMap<string, Command>, named: (name: string) => void): Call {
  const args = decodeDoc(request.body);
  const name = args.keys[0] ?? '';
  named(name);
  const db = request.legacyDb ?? args.get('$db');
  if (typeof db !== 'string') throw new MongoError(40571, 'OP_MSG requests require a $db argument');
  const command = commands.get(name);
  if (command === undefined) throw new MongoError(59, `no such command: '${name}'`);
  if (request.legacy && command.name !== 'hello') {
    throw new MongoError(352, `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`);
  }
  const sequences = new Map<string, readonly Uint8Array[]>();
  for (const sequence of request.sequences) {
    if (args.has(sequence.name)) throw new MongoError(40413, `duplicate field '${sequence.name}'`);
    sequences.set(sequence.name, sequence.documents);
    args.append(
      sequence.name,
      sequence.documents.map((raw) => decodeDoc(raw)),
    );
  }
  if (command.fields !== null) checkFields(name, args, command.fields);
  const concern = args.get('readConcern');
  if (concern instanceof Doc && concern.get('level') === 'snapshot' && !args.has('autocommit')) {
    throw new MongoError(238, 'the read concern snapshot is supported in transactions only');
  }
  if (command.adminOnly && db !== 'admin') {
    throw new MongoError(13, `${name} may only be run against the admin database.`);
  }
  return { command, name, db, args, sequences };
}

function namespaceHint(call: Call): string | null {
  const first = call.args.values[0];
  return typeof first === 'string' ? `${call.db}.${first}` : null;
}

async function runInSession(server: ServerContext, call: Call, connectionId: number): Promise<Reply> {
  const session = sessionOf(server, call.args);
  const txnNumber = numberArg(call.args, 'txnNumber');
  if (session === null || txnNumber === null) {
    if (call.args.has('autocommit') || call.args.has('startTransaction')) {
      throw new MongoError(72, "'autocommit' and 'startTransaction' need a session and a txnNumber");
    }
    return execute(
      createCommandContext(server, call, { connectionId, session, transaction: null, retryable: false }),
      call,
    );
  }
  while (session.busy !== null) await session.busy;
  const { promise, resolve } = Promise.withResolvers<void>();
  session.busy = promise;
  try {
    return await (call.args.get('autocommit') === false
      ? runInTransaction(server, call, connectionId, session, txnNumber)
      : runRetryable(server, call, connectionId, session, txnNumber));
  } finally {
    session.busy = null;
    resolve();
  }
}

async function runRetryable(
  server: ServerContext,
  call: Call,
  connectionId: number,
  session: Session,
  txnNumber: number,
): Promise<Reply> {
  advanceSession(server, session, txnNumber);
  if (session.status === 'open' || session.status === 'committed') {
    throw new MongoError(117, `txnNumber ${txnNumber} belongs to a transaction of this session`);
  }
  return execute(
    createCommandContext(server, call, { connectionId, session, transaction: null, retryable: true }),
    call,
  );
}

async function runInTransaction(
  server: ServerContext,
  call: Call,
  connectionId: number,
  session: Session,
  txnNumber: number,
): Promise<Reply> {
  const { name, command } = call;
  const ends = name === 'commitTransaction' || name === 'abortTransaction';
  if (!ends && command.transactional !== true) {
    const error = new MongoError(263, `Cannot run '${name}' in a multi-document transaction.`);
    if (session.txnNumber === txnNumber && session.status === 'open') abortTransaction(server, session);
    throw error;
  }
  let transaction: Transaction | null = null;
  if (!ends) {
    transaction = enterTransaction(server, session, txnNumber, call.args.get('startTransaction') === true);
    session.connectionId = connectionId;
  }
  try {
    return await execute(
      createCommandContext(server, call, { connectionId, session, transaction, retryable: false }),
      call,
    );
  } catch (error) {
    // Whatever fails inside a transaction ends it; a commit that failed has left nothing to abort.
    if (!ends && session.transaction === transaction && transaction !== null) abortTransaction(server, session);
    throw error;
  }
}

async function execute(context: CommandContext, call: Call): Promise<Reply> {
  try {
    return await call.command.run(context);
  } finally {
    // Also when it failed: the statements before the failure are done and told of.
    const durable = context.finish();
    if (durable !== null) await durable;
  }
}

function sessionOf(server: ServerContext, args: Doc): Session | null {
  const lsid = args.get('lsid');
  if (lsid === undefined) return null;
  const id = lsid instanceof Doc ? lsid.get('id') : undefined;
  if (!(id instanceof Binary) || id.sub_type !== 4 || id.position !== 16) {
    throw new MongoError(9, "'lsid' has to be a document with a UUID as its id");
  }
  return server.sessions.open(Buffer.from(id.buffer.subarray(0, id.position)).toString('hex'));
}

function numberArg(args: Doc, name: string): number | null {
  const value: Value | undefined = args.get(name);
  return isNumber(value) ? numberOf(value) : null;
}
