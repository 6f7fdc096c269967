import { BsonError, decodeDoc, Doc, isLong } from '../bson/index.ts';
import { checkFields, checkGeneric } from '../commands/args.ts';
import { isWatch } from '../commands/watch.ts';
import { MongoError } from '../engine/index.ts';
import type { Session } from '../sessions/sessions.ts';
import { MAX_REPLY_DOCUMENT_BYTES, type Request } from '../wire/messages.ts';
import type { Outcome } from '../wire/connection.ts';
import { checkApiVersion } from './api-version.ts';
import { createCommandContext } from './command-context.ts';
import { checkReadConcern, readWriteConcern } from './concerns.ts';
import type { Command, CommandContext, ServerContext } from './context.ts';
import { errorLabels, type Circumstances } from './error-labels.ts';
import type { Failure } from './failpoints.ts';
import { encodeError, encodeReply, type Reply } from './reply.ts';
import { WRITE_WAIT_MS } from './lock-waits.ts';
import { readSessionOptions, type SessionOptions } from './session-options.ts';
import { abortTransaction, advanceSession, checkRetryable, enterTransaction } from './transactions.ts';
import type { Transaction } from '../storage/transaction.ts';
import { disconnectedError, endsWithin, timeLimitError } from './waiting.ts';

export type Dispatcher = (request: Request, connectionId: number) => Promise<Outcome>;

/** A parsed request, before its session is looked at. */
interface Call {
  readonly command: Command;
  readonly name: string;
  readonly db: string;
  readonly args: Doc;
  readonly sequences: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly session: SessionOptions;
  /** When the client's time limit ends, in milliseconds since the epoch; Infinity without one. */
  readonly deadline: number;
  /** What to say beside the result of a write that asks for more nodes than there are. */
  readonly concernError: Doc | null;
}

/** Creates the function that answers requests with the given commands. It never throws. */
export function createDispatcher(server: ServerContext, commands: ReadonlyMap<string, Command>): Dispatcher {
  return async (request, connectionId) => {
    const seen: { name: string; args: Doc | null } = { name: '', args: null };
    let failure: Failure | null = null;
    try {
      const call = readCall(server, request, commands, seen);
      server.counters.set(call.command.name, (server.counters.get(call.command.name) ?? 0) + 1);
      failure = server.failpoints.check(call, server.clients.get(connectionId)?.appName ?? null);
      if (failure !== null) {
        if (failure.blockMs > 0) await new Promise((resolve) => setTimeout(resolve, failure?.blockMs));
        if (failure.closeConnection) return 'close';
        if (failure.errorCode !== null) {
          throw new MongoError(failure.errorCode, `Failing command via 'failCommand' failpoint`);
        }
      }
      const reply = await runInSession(server, call, connectionId);
      if (request.moreToCome) return 'silent';
      const concernError = failure?.writeConcernError ?? call.concernError;
      const encoded = encodeReply(
        reply,
        server.clock.now(),
        concernError === null ? null : beside(server, call, failure, concernError),
      );
      if (encoded.length > MAX_REPLY_DOCUMENT_BYTES) throw tooLarge(encoded.length);
      return { reply: encoded };
    } catch (error) {
      if (request.moreToCome) return 'silent';
      const answer = toMongoError(error);
      const labels = failure?.errorLabels ?? errorLabels(answer.code, circumstances(server, seen));
      return { reply: encodeError(answer, labels, server.clock.now()) };
    }
  };
}

/** What stands beside the result of a write whose write concern was not satisfied. */
function beside(server: ServerContext, call: Call, failure: Failure | null, concernError: Doc): Doc {
  const fields = Doc.of(['writeConcernError', concernError]);
  const code = concernError.get('code');
  const labels = failure?.errorLabels ?? errorLabels(typeof code === 'number' ? code : 0, circumstances(server, call));
  if (labels.length > 0) fields.append('errorLabels', [...labels]);
  return fields;
}

/** What the labels of an error depend on. */
function circumstances(server: ServerContext, { name, args }: { name: string; args: Doc | null }): Circumstances {
  const id = args?.values[0];
  const follows = name === 'getMore' && isLong(id) && server.cursors.isTail(id);
  return {
    inTransaction: args?.get('autocommit') === false,
    ends: name === 'commitTransaction' || name === 'abortTransaction',
    retryable: args?.has('txnNumber') === true,
    watching: follows || (name === 'aggregate' && isWatch(args?.get('pipeline'))),
  };
}

const tooLarge = (bytes: number): MongoError =>
  new MongoError(
    10334,
    `BSONObj size: ${bytes} (0x${bytes.toString(16).toUpperCase()}) is invalid. Size must be between 0 and ${MAX_REPLY_DOCUMENT_BYTES}(16MB)`,
  );

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

function readCall(
  server: ServerContext,
  request: Request,
  commands: ReadonlyMap<string, Command>,
  seen: { name: string; args: Doc | null },
): Call {
  const args = decodeWithin(request.body);
  const name = args.keys[0] ?? '';
  seen.name = name;
  seen.args = args;
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
    args.append(sequence.name, sequence.documents.map(decodeWithin));
  }
  const limitMs = checkGeneric(args);
  const deadline = limitMs === 0 ? Infinity : server.now() + limitMs;
  if (command.fields !== null) checkFields(name, args, command.fields);
  checkApiVersion(command, args);
  if (command.adminOnly && db !== 'admin') {
    throw new MongoError(13, `${name} may only be run against the admin database.`);
  }
  const session = readSessionOptions(command, db, args);
  checkReadConcern(command, args, session);
  const concernError = readWriteConcern(command, args, session);
  return { command, name, db, args, sequences, session, deadline, concernError };
}

/** @throws MongoError 10334 when the document is larger than even a command may be. */
function decodeWithin(bytes: Uint8Array): Doc {
  if (bytes.length > MAX_REPLY_DOCUMENT_BYTES) throw tooLarge(bytes.length);
  return decodeDoc(bytes);
}

async function runInSession(server: ServerContext, call: Call, connectionId: number): Promise<Reply> {
  const { key, txnNumber, inTransaction } = call.session;
  const session = key === null ? null : server.sessions.open(key);
  if (session !== null) {
    server.pools.join(session.lastConnectionId, connectionId);
    session.lastConnectionId = connectionId;
  }
  if (session === null || txnNumber === null) {
    const scope = { connectionId, session, transaction: null, retryable: false };
    return execute(createCommandContext(server, call, scope), call);
  }
  await sessionFree(server, session, { connectionId, deadline: call.deadline });
  const { promise, resolve } = Promise.withResolvers<void>();
  session.busy = promise;
  try {
    return await (inTransaction
      ? runInTransaction(server, call, connectionId, session, txnNumber)
      : runRetryable(server, call, connectionId, session, txnNumber));
  } finally {
    session.busy = null;
    resolve();
  }
}

/**
 * Waits until the commands of the session before this one are done. One whose client has gone meanwhile is not begun: its
 * transaction would hold locks that nobody lets go of.
 * @throws MongoError 50, 279
 */
async function sessionFree(
  server: ServerContext,
  session: Session,
  { connectionId, deadline }: { connectionId: number; deadline: number },
): Promise<void> {
  const until = Math.min(server.now() + WRITE_WAIT_MS, deadline);
  while (session.busy !== null) {
    const done = await endsWithin(session.busy, until - server.now(), server.clients.get(connectionId)?.closed);
    if (!done) throw timeLimitError();
  }
  if (!server.clients.has(connectionId)) throw disconnectedError();
}

async function runRetryable(
  server: ServerContext,
  call: Call,
  connectionId: number,
  session: Session,
  txnNumber: number,
): Promise<Reply> {
  advanceSession(server, session, txnNumber);
  checkRetryable(session);
  const scope = { connectionId, session, transaction: null, retryable: true };
  return execute(createCommandContext(server, call, scope), call);
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
    transaction = enterTransaction(server, session, txnNumber, call.session.startsTransaction);
    session.connectionId = connectionId;
    transaction.connectionId = connectionId;
    transaction.activeAt = performance.now();
  }
  try {
    const reply = await execute(
      createCommandContext(server, call, { connectionId, session, transaction, retryable: false }),
      call,
    );
    // What it has read is told: from now on its snapshot stays as it is.
    if (transaction !== null) {
      transaction.unread = false;
      transaction.activeAt = performance.now();
    }
    return reply;
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
