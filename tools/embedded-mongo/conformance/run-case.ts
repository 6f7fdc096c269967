import { setTimeout as delay } from 'node:timers/promises';
import { BSON, Long, MongoServerError, ObjectId, UUID, type Db, type Document, type MongoClient } from 'mongodb';
import { openRawClient, type RawClient } from '../src/testing/raw-client.ts';
import { C, CURSOR, SESSION, type ConformanceCase } from './case.ts';

/** Longest wait for what a server does by itself, in milliseconds: the TTL monitor of a real server takes its time. */
const SETTLE_MS = 70_000;

/** Fields of replies that tell of the server, not of the command. */
const VOLATILE = new Set([
  'operationTime',
  '$clusterTime',
  'electionId',
  'opTime',
  'uuid',
  'postBatchResumeToken',
  'commitQuorum',
  'topologyVersion',
]);

/** Runs a case on a server and answers what it said to each command, as texts that can be compared. */
export async function runCase(
  client: MongoClient,
  item: ConformanceCase,
  { db: dbName, collection }: { db: string; collection: string },
): Promise<string[]> {
  const db = client.db(dbName);
  const session = { id: new UUID() };
  const results: Document[] = [];
  let cursor = Long.ZERO;
  // Drivers put sessions of their own into what they send.
  using raw = item.needs === 'sessions' ? await connectRaw(client) : null;
  const place = (value: unknown): unknown => substitute(value, { collection, db: dbName, cursor, session });
  try {
    if (item.documents.length > 0) {
      await db.command(place({ insert: C, documents: numbered(item.documents) }) as Document);
    }
    for (const command of item.commands) {
      const placed = place(command) as Document;
      const reply =
        raw === null ? await answer(client, db, placed, item.messages === true) : await answerRaw(raw, dbName, placed);
      const opened = reply['cursor']?.id;
      // Not by its class: drivers bring a copy of their own.
      if (opened?._bsontype === 'Long' && !opened.isZero()) cursor = opened;
      results.push(withoutTexts(withoutVolatile(reply), item.messages === true));
    }
    if (item.settlesAt !== undefined) await settle(db, collection, item.settlesAt);
    if (item.then === 'documents') {
      const rest = { find: collection, sort: { _id: 1 } };
      results.push({ documents: (await db.command(rest, RAW))['cursor'].firstBatch });
    } else if (item.then === 'indexes') {
      results.push(withoutVolatile(await answer(client, db, { listIndexes: collection }, false)));
    }
  } finally {
    await dropAll(db, collection);
  }
  return results.map((result) => BSON.EJSON.stringify(withoutGenerated(result), { relaxed: false }));
}

const RAW = { promoteValues: false, promoteLongs: false } as const;

async function answer(client: MongoClient, db: Db, command: Document, messages: boolean): Promise<Document> {
  const { $db, ...rest } = command;
  try {
    return await (typeof $db === 'string' ? client.db($db) : db).command(rest, RAW);
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    const { code, codeName, errmsg, keyPattern, keyValue } = error.errorResponse;
    return {
      failed: {
        code,
        codeName,
        ...(messages ? { errmsg } : {}),
        ...(keyPattern === undefined ? {} : { keyPattern, keyValue }),
      },
    };
  }
}

async function connectRaw(client: MongoClient): Promise<RawClient> {
  const { me } = await client.db('admin').command({ hello: 1 });
  const { hostname, port } = new URL(`http://${String(me)}`);
  return openRawClient(Number(port), { host: hostname, raw: true });
}

async function answerRaw(raw: RawClient, db: string, command: Document): Promise<Document> {
  const reply = await raw.command({ ...command, $db: db });
  if (Number(reply['ok']) === 1) return reply;
  const { code, codeName } = reply;
  return { failed: { code, codeName } };
}

const numbered = (documents: readonly Document[]): Document[] =>
  documents.map((document, at) => ('_id' in document ? document : { _id: at + 1, ...document }));

interface Names {
  readonly collection: string;
  readonly db: string;
  readonly cursor: Long;
  readonly session: Document;
}

function substitute(value: unknown, names: Names): unknown {
  if (typeof value === 'string') {
    if (value === CURSOR) return names.cursor;
    if (value === SESSION) return names.session;
    return value.replaceAll('%db', names.db).replaceAll(C, names.collection);
  }
  if (Array.isArray(value)) return value.map((item) => substitute(item, names));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, substitute(inner, names)]));
}

const isPlain = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

async function settle(db: Db, collection: string, count: number): Promise<void> {
  const limit = Date.now() + SETTLE_MS;
  for (;;) {
    const { n } = await db.command({ count: collection });
    if (n === count) return;
    if (Date.now() > limit) throw new Error(`${collection} holds ${n} documents and should have come to ${count}`);
    await delay(100);
  }
}

async function dropAll(db: Db, collection: string): Promise<void> {
  const { cursor } = await db.command({ listCollections: 1, nameOnly: true, cursor: { batchSize: 10_000 } });
  for (const { name } of cursor.firstBatch) {
    if (String(name).startsWith(collection)) await db.command({ drop: name });
  }
}

/** The reply without what tells of the server, its fields in order; ids of cursors become `open` or 0. */
function withoutVolatile(reply: Document): Document {
  const kept: Document = {};
  for (const key of Object.keys(reply).sort()) {
    const value = reply[key];
    if (VOLATILE.has(key)) continue;
    if (key === 'cursor' && isPlain(value)) {
      const { id, ns, firstBatch, nextBatch } = value;
      const batch: Document[] = firstBatch ?? nextBatch;
      kept[key] = { id: id.isZero() ? 0 : 'open', ns, batch: batch.map(withoutSimpleCollation) };
    } else if (key === 'cursorsKilled' || key === 'cursorsNotFound') kept[key] = (value as unknown[]).length;
    else kept[key] = value;
  }
  return kept;
}

/** Write errors without their texts, except those of keys that are there already: programs read those. */
function withoutTexts(reply: Document, messages: boolean): Document {
  const { writeErrors } = reply;
  if (messages || !Array.isArray(writeErrors)) return reply;
  const DUPLICATE_KEY = 11000;
  return {
    ...reply,
    writeErrors: writeErrors.map(({ errmsg, errInfo: _, ...error }) =>
      Number(error.code) === DUPLICATE_KEY ? { ...error, errmsg } : error,
    ),
  };
}

/** Newer servers write out in listIndexes that an index has no collation. */
function withoutSimpleCollation(row: Document): Document {
  if (!('key' in row) || row['collation']?.locale !== 'simple') return row;
  const { collation: _, ...rest } = row;
  return rest;
}

const UUID_TEXT = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Ids that a server made up become one and the same text. Those of the cases begin with `aaaa`. */
function withoutGenerated(value: unknown): unknown {
  if (value instanceof ObjectId) return value.toHexString().startsWith('aaaa') ? value : '<generated>';
  if (typeof value === 'string') return value.replace(UUID_TEXT, '<uuid>');
  if (Array.isArray(value)) return value.map(withoutGenerated);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'uuid')
      .map(([key, inner]) => [key, withoutGenerated(inner)]),
  );
}
