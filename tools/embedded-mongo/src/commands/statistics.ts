import { Doc, Double, Long, type Value } from '../bson/index.ts';
import type { Command, CommandContext } from '../server/context.ts';
import type { CollectionState } from '../storage/state.ts';
import { collectionsOf } from './collections.ts';
import { MongoError } from '../engine/index.ts';
import { isTruthy, optionalInteger } from './args.ts';
import { SERVER_VERSION, SET_NAME } from './handshake.ts';
import { checkDatabase, namespaceOf } from './namespace.ts';

const long = (value: number): Long => Long.fromNumber(Math.floor(value));

/** Memory of the process in megabytes: all, the part of JavaScript, and documents' bytes. */
function memoryFigures(): Doc {
  const { rss, heapTotal, heapUsed, arrayBuffers } = process.memoryUsage();
  const megabytes = (bytes: number): number => Math.round(bytes / 1048576);
  return Doc.of(
    ['bits', 64],
    ['resident', megabytes(rss)],
    ['heapTotal', megabytes(heapTotal)],
    ['heapUsed', megabytes(heapUsed)],
    ['buffers', megabytes(arrayBuffers)],
  );
}

/** Sections can be left out by naming them with a value that means no, as with MongoDB. */
function serverStatus(context: CommandContext): Doc {
  const status = fullStatus(context);
  for (const key of [...status.keys]) {
    if (context.args.has(key) && !isTruthy(context.args.get(key))) status.delete(key);
  }
  return status;
}

function fullStatus({ server }: CommandContext): Doc {
  const uptime = (server.now() - server.startedAt) / 1000;
  const counts = (name: string): Long => long(server.counters.get(name) ?? 0);
  return Doc.of(
    ['host', server.address],
    ['version', SERVER_VERSION],
    ['process', 'cartwright-mongo'],
    ['pid', long(process.pid)],
    ['uptime', new Double(uptime)],
    ['uptimeMillis', long(uptime * 1000)],
    ['localTime', new Date(server.now())],
    ['connections', Doc.of(['current', server.connections], ['available', 100000])],
    ['logicalSessionRecordCache', Doc.of(['activeSessionsCount', server.sessions.count()])],
    ['metrics', Doc.of(['cursor', Doc.of(['open', Doc.of(['total', long(server.cursors.count())])])])],
    ['mem', memoryFigures()],
    [
      'opcounters',
      Doc.of(
        ['insert', counts('insert')],
        ['query', counts('find')],
        ['update', counts('update')],
        ['delete', counts('delete')],
        ['getmore', counts('getMore')],
        ['command', long([...server.counters.values()].reduce((sum, count) => sum + count, 0))],
      ),
    ],
    [
      'repl',
      Doc.of(['setName', SET_NAME], ['isWritablePrimary', true], ['me', server.address], ['hosts', [server.address]]),
    ],
    ['storageEngine', Doc.of(['name', 'cartwright'], ['supportsCommittedReads', true], ['persistent', true])],
  );
}

function sizesOf(states: readonly CollectionState[]) {
  let objects = 0;
  let dataSize = 0;
  let indexes = 0;
  let indexSize = 0;
  for (const state of states) {
    objects += state.records.size;
    dataSize += state.dataBytes;
    indexes += state.indexes.length;
    for (const index of state.indexes) indexSize += indexBytes(index.tree.size);
  }
  return { objects, dataSize, indexes, indexSize };
}

/** A rough figure: keys are kept in memory and not measured one by one. */
const indexBytes = (entries: number): number => entries * 48;

const MAX_SCALE = 2 ** 31 - 1;

/** The number that sizes are divided by. @throws MongoError 2, 14 */
export function scaleOf(args: Doc, path: string): number {
  const scale = optionalInteger(args, 'scale', `${path}.scale`) ?? 1;
  if (scale < 1) throw new MongoError(51024, `BSON field 'scale' value must be >= 1, actual value '${scale}'`);
  if (scale > MAX_SCALE) throw new MongoError(2, `BSON field '${path}.scale' is out of the range of an int`);
  return scale;
}

function dbStats({ writer, db, args }: CommandContext): Doc {
  checkDatabase(db);
  const scale = scaleOf(args, 'dbStats');
  const scaled = (bytes: number): Double => new Double(bytes / scale);
  const free = isTruthy(args.get('freeStorage'));
  const states = collectionsOf(writer, db);
  const { objects, dataSize, indexes, indexSize } = sizesOf(states);
  const stats = Doc.of(
    ['db', db],
    ['collections', long(states.length)],
    ['views', long(0)],
    ['objects', long(objects)],
    ['avgObjSize', new Double(objects === 0 ? 0 : dataSize / objects)],
    ['dataSize', scaled(dataSize)],
    ['storageSize', scaled(dataSize)],
    ['indexes', long(indexes)],
    ['indexSize', scaled(indexSize)],
    ['totalSize', scaled(dataSize + indexSize)],
    ['scaleFactor', long(scale)],
  );
  // Nothing is kept for later documents: what is removed is gone.
  if (free)
    for (const key of ['freeStorageSize', 'indexFreeStorageSize', 'totalFreeStorageSize'])
      stats.append(key, new Double(0));
  return stats;
}

function collStats(context: CommandContext): Doc {
  const ns = namespaceOf('collStats', context.db, context.args);
  const state = context.writer.collection(ns);
  return collectionStatistics(ns, state, scaleOf(context.args, 'collStats'));
}

/** The figures of one collection, as collStats and $collStats answer them, sizes divided by `scale`. */
export function collectionStatistics(ns: string, state: CollectionState | undefined, scale: number): Doc {
  const { objects, dataSize, indexes, indexSize } = sizesOf(state === undefined ? [] : [state]);
  const scaled = (bytes: number): number => Math.floor(bytes / scale);
  const sizes = (state?.indexes ?? []).map((index): [string, Value] => [
    index.spec.name,
    scaled(indexBytes(index.tree.size)),
  ]);
  return Doc.of(
    ['ns', ns],
    ['size', scaled(dataSize)],
    ['count', objects],
    ['avgObjSize', objects === 0 ? 0 : Math.round(dataSize / objects)],
    ['storageSize', scaled(dataSize)],
    ['capped', false],
    ['nindexes', indexes],
    ['totalIndexSize', scaled(indexSize)],
    ['indexSizes', Doc.of(...sizes)],
    ['totalSize', scaled(dataSize + indexSize)],
    ['scaleFactor', scale],
  );
}

export const statisticsCommands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['serverStatus', { name: 'serverStatus', fields: null, run: serverStatus }],
  ['dbStats', { name: 'dbStats', fields: new Set(['scale', 'freeStorage']), run: dbStats }],
  ['dbstats', { name: 'dbStats', fields: new Set(['scale', 'freeStorage']), run: dbStats }],
  ['collStats', { name: 'collStats', fields: new Set(['scale']), run: collStats }],
  ['collstats', { name: 'collStats', fields: new Set(['scale']), run: collStats }],
]);
