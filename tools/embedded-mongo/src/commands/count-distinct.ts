import { Doc, isNumber, valueSize, type Value } from '../bson/index.ts';
import { encodeKey, MongoError, numberOf } from '../engine/index.ts';
import { fieldPath, valuesAtPath } from '../engine/path.ts';
import { countByKeys } from '../query/scan.ts';
import type { Command } from '../server/context.ts';
import { documentOf } from '../storage/record.ts';
import { MAX_DOCUMENT_BYTES } from '../wire/messages.ts';
import { optionalCount, optionalDoc, requiredString } from './args.ts';
import { namespaceOf } from './namespace.ts';
import { collationOf, queryOf } from './query-args.ts';

export const countCommand: Command = {
  name: 'count',
  reads: true,
  fields: new Set(['query', 'limit', 'skip', 'hint', 'collation', 'fields']),
  run(context) {
    const { args, writer } = context;
    const ns = namespaceOf('count', context.db, args);
    const filter = optionalDoc(args, 'query', 'count.query') ?? new Doc();
    const { skip, limit } = countLimits(args);
    const state = writer.collection(ns);
    const query = queryOf(context, state, { filter, hint: args.get('hint'), collation: args.get('collation') });
    let found = filter.size === 0 ? (state?.records.size ?? 0) : countByKeys(query.plan);
    if (found === null) {
      found = 0;
      for (const _ of query.records()) {
        found += 1;
        if (found >= skip + limit) break;
      }
    }
    return Doc.of(['n', Math.min(limit, Math.max(0, found - skip))]);
  },
};

/** How many a count passes over, and how many it counts at most: 0 and a negative limit mean what they mean to MongoDB. */
export function countLimits(args: Doc): { skip: number; limit: number } {
  const skip = optionalCount(args, 'skip', 'count.skip') ?? 0;
  const given = args.get('limit');
  if (given !== undefined && given !== null && !isNumber(given))
    throw new MongoError(2, 'limit value is not a valid number');
  return { skip, limit: (isNumber(given) ? Math.abs(Math.trunc(numberOf(given))) : 0) || Infinity };
}

export const distinctCommand: Command = {
  name: 'distinct',
  reads: true,
  fields: new Set(['key', 'query', 'collation', 'hint']),
  transactional: true,
  run(context) {
    const { args, writer } = context;
    const ns = namespaceOf('distinct', context.db, args);
    const key = requiredString(args, 'key', 'distinct.key');
    if (key.includes('\0')) throw new MongoError(2, "'key' has to be a field path");
    const state = writer.collection(ns);
    const filter = optionalDoc(args, 'query', 'distinct.query') ?? new Doc();
    const query = queryOf(context, state, { filter, collation: args.get('collation'), hint: args.get('hint') });
    const collation = collationOf(state, args.get('collation'));
    const path = fieldPath(key);
    const values = new Map<string, Value>();
    for (const record of query.records()) {
      for (const value of valuesAtPath(documentOf(record), path)) {
        const encoded = encodeKey(value, collation);
        if (!values.has(encoded)) values.set(encoded, value);
      }
    }
    const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const found = sorted.map(([, value]) => value);
    if (valueSize(found) > MAX_DOCUMENT_BYTES) throw new MongoError(17217, 'distinct too big, 16mb cap');
    return Doc.of(['values', found]);
  },
};
