import { Doc, type Value } from '../bson/index.ts';
import { compileProjection, MongoError, prefixed } from '../engine/index.ts';
import type { PreparedQuery } from '../query/find-records.ts';
import type { Command, CommandContext } from '../server/context.ts';
import { documentOf } from '../storage/record.ts';
import { applyToRecord, insertUpserted, updateOf } from './apply-update.ts';
import { optionalArray, optionalBoolean, optionalDoc, optionalInteger } from './args.ts';
import { checkWritable, namespaceOf } from './namespace.ts';
import { queryOf, variablesOf } from './query-args.ts';

export const findAndModifyCommand: Command = {
  name: 'findAndModify',
  retryable: true,
  writes: true,
  fields: new Set([
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'bypassDocumentValidation',
    'collation',
    'arrayFilters',
    'hint',
    'let',
    'stmtId',
  ]),
  transactional: true,
  run(context) {
    const ns = namespaceOf('findAndModify', context.db, context.args);
    checkWritable(ns.slice(context.db.length + 1));
    const statement = readStatement(context.args);
    const id = optionalInteger(context.args, 'stmtId', 'findAndModify.stmtId') ?? 0;
    const known = context.recall(id);
    if (known !== undefined) return known.clone().append('retriedStmtId', id);
    return context.withLocks(() => {
      const reply = modify(context, ns, statement);
      context.remember(id, reply);
      return reply;
    });
  },
};

interface Statement {
  readonly filter: Doc;
  readonly remove: boolean;
  readonly update: Value | undefined;
  readonly wantsNew: boolean;
  readonly upsert: boolean;
  readonly fields: Doc | undefined;
}

function readStatement(args: Doc): Statement {
  const flag = (name: string): boolean => optionalBoolean(args, name, `findAndModify.${name}`) ?? false;
  const remove = flag('remove');
  const update = args.get('update') ?? undefined;
  const wantsNew = flag('new');
  const upsert = flag('upsert');
  if (remove) {
    if (update !== undefined) throw new MongoError(9, "Cannot specify both an 'update' and 'remove'=true");
    if (upsert) throw new MongoError(9, "Cannot specify both 'upsert'=true and 'remove'=true");
    if (wantsNew)
      throw new MongoError(
        9,
        "Cannot specify both 'new'=true and 'remove'=true; 'remove' always returns the deleted document",
      );
    if (args.has('arrayFilters')) throw new MongoError(9, 'Cannot specify arrayFilters and remove=true');
  } else if (update === undefined) {
    throw new MongoError(9, 'Either an update or remove=true must be specified');
  }
  const filter = optionalDoc(args, 'query', 'findAndModify.query') ?? new Doc();
  return { filter, remove, update, wantsNew, upsert, fields: optionalDoc(args, 'fields', 'findAndModify.fields') };
}

function modify(context: CommandContext, ns: string, statement: Statement): Doc {
  const { args, writer } = context;
  const { filter } = statement;
  const state = writer.collection(ns);
  const collation = args.get('collation');
  const sort = optionalDoc(args, 'sort', 'findAndModify.sort');
  const query = queryOf(context, state, { filter, sort, collation, hint: args.get('hint'), limit: 1 });
  const shown = projector(context, statement, query);
  const update = statement.remove
    ? null
    : updateOf(context, state, {
        update: statement.update,
        arrayFilters: optionalArray(args, 'arrayFilters', 'findAndModify.arrayFilters'),
        collation,
        multi: false,
      });
  const next = state === undefined ? null : query.records().next();
  const record = next === null || next.done === true ? null : next.value;
  if (update === null) {
    if (record === null || state === undefined) return answer(Doc.of(['n', 0]), null);
    writer.remove(state, record);
    return answer(Doc.of(['n', 1]), shown(documentOf(record)));
  }
  if (record !== null && state !== undefined) {
    const before = documentOf(record);
    const after = runtime(() => applyToRecord(context, state, query, update, record));
    const outcome = Doc.of(['n', 1], ['updatedExisting', true]);
    return answer(outcome, shown(statement.wantsNew ? after : before));
  }
  if (!statement.upsert) return answer(Doc.of(['n', 0], ['updatedExisting', false]), null);
  const inserted = runtime(() => insertUpserted(context, ns, filter, update));
  const outcome = Doc.of(['n', 1], ['updatedExisting', false], ['upserted', inserted.get('_id') ?? null]);
  return answer(outcome, statement.wantsNew ? shown(inserted) : null);
}

/** Errors of single documents are told with the place they happened at. */
const runtime = <T>(run: () => T): T => prefixed('Plan executor error during findAndModify', run);

const answer = (outcome: Doc, value: Value): Doc => Doc.of(['lastErrorObject', outcome], ['value', value]);

function projector(context: CommandContext, { fields }: Statement, query: PreparedQuery): (doc: Doc) => Doc {
  if (fields === undefined || fields.size === 0) return (doc) => doc;
  return compileProjection(fields, {
    filter: query.filter,
    now: new Date(context.server.now()),
    let: variablesOf(context),
  });
}
