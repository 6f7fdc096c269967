import { Doc, Long, type Value } from '../bson/index.ts';
import { MongoError } from '../engine/index.ts';
import type { CommandContext } from '../server/context.ts';
import type { CollectionState } from '../storage/state.ts';
import { checkInnerFields, optionalDoc } from './args.ts';
import { collectionStatistics, scaleOf } from './statistics.ts';

/** What stages such as `$collStats` give of a collection; null for stages that are not there. */
export function stageStatistics(
  context: CommandContext,
  ns: string,
  state: CollectionState | undefined,
  { stage, spec }: { stage: string; spec: Value },
): Doc[] | null {
  switch (stage) {
    case '$collStats':
      return [collStats(context, ns, state, spec)];
    case '$indexStats':
      return indexStats(context, state);
    default:
      return null;
  }
}

const COLL_STATS_FIELDS = new Set(['storageStats', 'count']);

/** Only what is asked for, as with MongoDB. Latencies and counts of executed queries are not kept. */
function collStats(context: CommandContext, ns: string, state: CollectionState | undefined, spec: Value): Doc {
  if (!(spec instanceof Doc)) throw new MongoError(5447000, '$collStats must take a nested object');
  for (const key of ['latencyStats', 'queryExecStats']) {
    if (spec.has(key)) throw new MongoError(238, `$collStats.${key} is not supported by the embedded server`);
  }
  checkInnerFields('$collStats', spec, COLL_STATS_FIELDS);
  if (state === undefined && spec.size > 0) throw new MongoError(26, `Collection [${ns}] not found.`);
  const { server } = context;
  const stats = Doc.of(['ns', ns], ['host', server.address], ['localTime', new Date(server.now())]);
  const storage = optionalDoc(spec, 'storageStats', '$collStats.storageStats');
  if (storage !== undefined) {
    checkInnerFields('$collStats.storageStats', storage, new Set(['scale']));
    const figures = collectionStatistics(ns, state, scaleOf(storage, '$collStats.storageStats'));
    figures.delete('ns');
    stats.append('storageStats', figures);
  }
  const count = optionalDoc(spec, 'count', '$collStats.count');
  if (count !== undefined) stats.append('count', state?.records.size ?? 0);
  return stats;
}

function indexStats({ server }: CommandContext, state: CollectionState | undefined): Doc[] {
  return (state?.indexes ?? []).map(({ spec }) =>
    Doc.of(
      ['name', spec.name],
      ['key', spec.definition.get('key') ?? new Doc()],
      ['host', server.address],
      ['accesses', Doc.of(['ops', Long.ZERO], ['since', new Date(server.startedAt)])],
      ['spec', spec.definition],
    ),
  );
}
