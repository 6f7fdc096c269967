import { MongoError } from '../engine/index.ts';
import type { Op } from '../storage/ops.ts';
import type { WatchSpec } from './spec.ts';

/** Which changes a stream tells of: those of a collection, of a database, or of all. */
export interface Scope {
  covers(op: Op): boolean;
  /** Whether the change ends the stream. */
  invalidates(op: Op): boolean;
}

const INTERNAL = new Set(['admin', 'config', 'local']);

/**
 * The scope of a stream opened on a database, or on one of its collections.
 * @throws MongoError 72 or 73 where no stream may be opened.
 */
export function createScope(db: string, collection: string | null, spec: WatchSpec): Scope {
  const ns = `${db}.${collection ?? '$cmd.aggregate'}`;
  if (spec.wholeCluster && (db !== 'admin' || collection !== null)) {
    throw new MongoError(
      72,
      `A $changeStream with 'allChangesForCluster:true' may only be opened on the 'admin' database, and with no collection name; found ${ns}`,
    );
  }
  if (INTERNAL.has(db) && !spec.wholeCluster) {
    throw new MongoError(73, `$changeStream may not be opened on the internal ${db} database`);
  }
  if (collection?.startsWith('system.')) {
    throw new MongoError(73, `$changeStream may not be opened on the internal ${ns} collection`);
  }
  if (spec.wholeCluster) return wholeCluster;
  return collection === null ? oneDatabase(db) : oneCollection(db, ns);
}

/** The namespaces a change is about; a database alone when it is dropped. */
function namespaces(op: Op): readonly string[] {
  switch (op.kind) {
    case 'create':
      return [`${op.db}.${op.name}`];
    case 'rename':
      return [op.ns, `${op.db}.${op.name}`];
    case 'dropDatabase':
      return [op.db];
    default:
      return [op.ns];
  }
}

const databaseOf = (ns: string): string => ns.split('.', 1)[0] ?? ns;
const isInternal = (ns: string): boolean => ns.startsWith('system.', databaseOf(ns).length + 1);

const wholeCluster: Scope = {
  covers: (op) => namespaces(op).some((ns) => !isInternal(ns) && !INTERNAL.has(databaseOf(ns))),
  invalidates: () => false,
};

function oneDatabase(db: string): Scope {
  return {
    covers: (op) => namespaces(op).some((ns) => databaseOf(ns) === db && !isInternal(ns)),
    invalidates: (op) => op.kind === 'dropDatabase',
  };
}

function oneCollection(db: string, ns: string): Scope {
  return {
    covers: (op) => (op.kind === 'dropDatabase' ? op.db === db : namespaces(op).includes(ns)),
    invalidates: (op) => op.kind === 'drop' || op.kind === 'rename' || op.kind === 'dropDatabase',
  };
}
