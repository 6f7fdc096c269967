import { Doc, Double, Long, type Value } from '../bson/index.ts';
import type { Command, CommandContext } from '../server/context.ts';
import type { CollectionState } from '../storage/state.ts';
import { collectionsOf } from './collections.ts';
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

function serverStatus({ server }: CommandContext): Doc {
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

function dbStats({ writer, db }: CommandContext): Doc {
  checkDatabase(db);
  const states = collectionsOf(writer, db);
  const { objects, dataSize, indexes, indexSize } = sizesOf(states);
  return Doc.of(
    ['db', db],
    ['collections', long(states.length)],
    ['views', long(0)],
    ['objects', long(objects)],
    ['avgObjSize', new Double(objects === 0 ? 0 : dataSize / objects)],
    ['dataSize', new Double(dataSize)],
    ['storageSize', new Double(dataSize)],
    ['indexes', long(indexes)],
    ['indexSize', new Double(indexSize)],
    ['totalSize', new Double(dataSize + indexSize)],
    ['scaleFactor', long(1)],
  );
}

function collStats(context: CommandContext): Doc {
  const ns = namespaceOf('collStats', context.db, context.args);
  const state = context.writer.collection(ns);
  return collectionStatistics(ns, state);
}

/** The figures of one collection, as collStats and $collStats answer them. */
export function collectionStatistics(ns: string, state: CollectionState | undefined): Doc {
  const { objects, dataSize, indexes, indexSize } = sizesOf(state === undefined ? [] : [state]);
  const sizes = (state?.indexes ?? []).map((index): [string, Value] => [index.spec.name, indexBytes(index.tree.size)]);
  return Doc.of(
    ['ns', ns],
    ['size', dataSize],
    ['count', objects],
    ['avgObjSize', objects === 0 ? 0 : Math.round(dataSize / objects)],
    ['storageSize', dataSize],
    ['capped', false],
    ['nindexes', indexes],
    ['totalIndexSize', indexSize],
    ['indexSizes', Doc.of(...sizes)],
    ['totalSize', dataSize + indexSize],
    ['scaleFactor', 1],
  );
}

export const statisticsCommands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['serverStatus', { name: 'serverStatus', fields: null, run: serverStatus }],
  ['dbStats', { name: 'dbStats', fields: new Set(['scale', 'freeStorage']), run: dbStats }],
  ['dbstats', { name: 'dbStats', fields: new Set(['scale', 'freeStorage']), run: dbStats }],
  ['collStats', { name: 'collStats', fields: new Set(['scale', 'verbose']), run: collStats }],
  ['collstats', { name: 'collStats', fields: new Set(['scale', 'verbose']), run: collStats }],
]);
