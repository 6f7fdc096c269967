import { Doc, encodeDoc, Double, type Value } from '../bson/index.ts';
import { formatDoc, MongoError } from '../engine/index.ts';
import type { Command, CommandContext } from '../server/context.ts';
import type { CursorReply } from '../server/reply.ts';
import { ownBytes } from '../storage/writer.ts';
import {
  checkInnerFields,
  optionalBoolean,
  optionalCount,
  optionalDoc,
  requiredDoc,
  requiredDocs,
  requiredString,
} from './args.ts';
import { CURSOR_FIELDS, firstBatch } from './cursor-reply.ts';
import { deleteMatching, type DeleteStatement } from './delete.ts';
import { insertOne } from './insert.ts';
import { checkCollection, checkDatabase, checkWritable } from './namespace.ts';
import { checkSize, toStored } from './stored-document.ts';
import { updateMatching, type UpdateStatement } from './update.ts';
import { runBatch, type StatementResult } from './write-batch.ts';

const KINDS = ['insert', 'update', 'delete'] as const;
type Kind = (typeof KINDS)[number];

const FIELDS: Record<Kind, ReadonlySet<string>> = {
  insert: new Set(['insert', 'document']),
  update: new Set([
    ...['update', 'filter', 'updateMods', 'multi', 'upsert'],
    ...['arrayFilters', 'hint', 'constants', 'collation', 'sort'],
  ]),
  delete: new Set(['delete', 'filter', 'multi', 'hint', 'collation']),
};

/** A collection that statements write to. */
interface Target {
  readonly db: string;
  readonly ns: string;
}

type Statement = { readonly target: Target } & (
  | { readonly kind: 'insert'; readonly document: Doc }
  | { readonly kind: 'update'; readonly update: UpdateStatement }
  | { readonly kind: 'delete'; readonly removal: DeleteStatement }
);

/** Inserts, updates and deletes in any collections, in one batch; what each did is answered by a cursor. */
export const bulkWriteCommand: Command = {
  name: 'bulkWrite',
  writes: true,
  retryable: true,
  transactional: true,
  adminOnly: true,
  fields: new Set([
    ...['ops', 'nsInfo', 'ordered', 'errorsOnly', 'cursor'],
    ...['bypassDocumentValidation', 'let', 'stmtId', 'stmtIds'],
  ]),
  async run(context) {
    const { args } = context;
    const targets = requiredDocs(args, 'nsInfo', 'bulkWrite.nsInfo').map(readTarget);
    const statements = requiredDocs(args, 'ops', 'bulkWrite.ops').map((op) => readStatement(op, targets));
    const errorsOnly = optionalBoolean(args, 'errorsOnly', 'bulkWrite.errorsOnly') ?? false;
    const options = optionalDoc(args, 'cursor', 'bulkWrite.cursor') ?? new Doc();
    checkInnerFields('bulkWrite.cursor', options, CURSOR_FIELDS);
    const batchSize = optionalCount(options, 'batchSize', 'bulkWrite.cursor.batchSize');
    const items: Doc[] = [];
    const totals = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
    const result = await runBatch(
      context,
      statements.length,
      (i) => runStatement(context, statements[i] as Statement),
      (i, done) => {
        const { kind } = statements[i] as Statement;
        count(totals, kind, done);
        if (!errorsOnly) items.push(itemOf(i, kind, done));
      },
    );
    items.push(...result.errors.map((error) => errorItem(error, statements)));
    // Results and errors are kept apart until here; clients read them in the order of the statements.
    items.sort((a, b) => Number(a.get('idx')) - Number(b.get('idx')));
    const beside = Doc.of(['nErrors', result.errors.length], ...Object.entries(totals));
    if (result.retried.length > 0) beside.append('retriedStmtIds', [...result.retried]);
    return answer(context, items, batchSize, beside);
  },
};

function answer(
  context: CommandContext,
  items: readonly Doc[],
  batchSize: number | undefined,
  beside: Doc,
): CursorReply {
  const source = items.map((item) => encodeDoc(item)).values();
  // Without a size all that fits into one answer: most clients ask for no more than the numbers.
  const size = batchSize ?? items.length + 1;
  const ns = 'admin.$cmd.bulkWrite';
  return { ...firstBatch(context, { ns, source, size, singleBatch: false, noTimeout: false }), beside };
}

function readTarget(entry: Doc): Target {
  checkInnerFields('bulkWrite.nsInfo', entry, new Set(['ns']));
  const ns = requiredString(entry, 'ns', 'bulkWrite.nsInfo.ns');
  const dot = ns.indexOf('.');
  const db = dot < 0 ? ns : ns.slice(0, dot);
  const name = dot < 0 ? '' : ns.slice(dot + 1);
  checkDatabase(db);
  checkCollection(db, name, 'bulkWrite');
  checkWritable(name);
  return { db, ns };
}

function readStatement(op: Doc, targets: readonly Target[]): Statement {
  const kind = KINDS.find((name) => name === op.keys[0]);
  if (kind === undefined) {
    throw new MongoError(
      9,
      `the first field of a bulkWrite operation is insert, update or delete, not '${op.keys[0]}'`,
    );
  }
  const path = `bulkWrite.ops.${kind}`;
  checkInnerFields(path, op, FIELDS[kind]);
  const target = targets[optionalCount(op, kind, path) ?? -1];
  if (target === undefined) {
    throw new MongoError(2, `BulkWrite ops entry ${formatDoc(op)} has an invalid nsInfo index.`);
  }
  if (kind === 'insert') return { kind, target, document: requiredDoc(op, 'document', `${path}.document`) };
  const filter = requiredDoc(op, 'filter', `${path}.filter`);
  const multi = optionalBoolean(op, 'multi', `${path}.multi`) ?? false;
  if (kind === 'delete') {
    return { kind, target, removal: { filter, one: !multi, spec: op, progress: { removed: 0 } } };
  }
  if (!op.has('updateMods')) {
    throw new MongoError(40414, `BSON field '${path}.updateMods' is missing but a required field`);
  }
  if (multi && op.has('sort')) throw new MongoError(9, 'Cannot specify sort with multi=true');
  const constants: Value | undefined = op.get('constants');
  const update: UpdateStatement = {
    filter,
    multi,
    update: op.get('updateMods'),
    upsert: optionalBoolean(op, 'upsert', `${path}.upsert`) ?? false,
    // Under the name that it has in the update command.
    spec: constants === undefined ? op : op.clone().append('c', constants),
    progress: { handled: new Set(), modified: 0 },
  };
  return { kind, target, update };
}

function runStatement(context: CommandContext, statement: Statement): StatementResult {
  const { db, ns } = statement.target;
  const scoped = { ...context, db };
  switch (statement.kind) {
    case 'insert': {
      const stored = toStored(scoped, statement.document);
      const raw = ownBytes(encodeDoc(stored));
      checkSize(raw.length, 'object to insert');
      return insertOne(scoped, ns, stored, raw);
    }
    case 'update':
      return updateMatching(scoped, ns, statement.update);
    case 'delete':
      return deleteMatching(scoped, ns, statement.removal);
  }
}

function count(totals: Record<string, number>, kind: Kind, { n, nModified = 0, upserted }: StatementResult): void {
  const add = (name: string, by: number): void => void (totals[name] = (totals[name] ?? 0) + by);
  if (kind === 'insert') add('nInserted', n);
  else if (kind === 'delete') add('nDeleted', n);
  else if (upserted !== undefined) add('nUpserted', n);
  else {
    add('nMatched', n);
    add('nModified', nModified);
  }
}

function itemOf(index: number, kind: Kind, { n, nModified = 0, upserted }: StatementResult): Doc {
  const item = Doc.of(['ok', new Double(1)], ['idx', index], ['n', n]);
  if (kind === 'update') item.append('nModified', nModified);
  if (upserted !== undefined) item.append('upserted', Doc.of(['_id', upserted]));
  return item;
}

/** A write error in the form of a result. */
function errorItem(error: Doc, statements: readonly Statement[]): Doc {
  const index = Number(error.get('index'));
  const item = Doc.of(['ok', new Double(0)], ['idx', index]);
  error.keys.forEach((key, i) => {
    if (key !== 'index') item.append(key, error.values[i] as Value);
  });
  item.append('n', 0);
  if (statements[index]?.kind === 'update') item.append('nModified', 0);
  return item;
}
