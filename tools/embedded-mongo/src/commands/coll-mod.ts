import { Doc, isNumber, Long, type NumberValue } from '../bson/index.ts';
import { equalValues, MongoError, numberOf } from '../engine/index.ts';
import type { Command, CommandContext } from '../server/context.ts';
import { findIndex, type CollectionState, type IndexState } from '../storage/state.ts';
import { checkInnerFields, optionalBoolean, optionalDoc, optionalString } from './args.ts';
import { checkCollectionOptions } from './collections.ts';
import { MAX_EXPIRE_SECONDS, readIndexSpec } from './index-definition.ts';
import { namespaceOf } from './namespace.ts';

/** Options of a collection that can be changed. */
const CHANGEABLE = ['validator', 'validationLevel', 'validationAction', 'changeStreamPreAndPostImages'];

/** Changes options of a collection, or when its documents expire or whether an index is used. */
export const collModCommand: Command = {
  name: 'collMod',
  writes: true,
  fields: new Set(['index', ...CHANGEABLE]),
  run(context) {
    const ns = namespaceOf('collMod', context.db, context.args);
    checkCollectionOptions(context.args, 'collMod');
    const change = optionalDoc(context.args, 'index', 'collMod.index');
    if (change !== undefined) checkIndexChange(change);
    return context.withLocks(() => {
      const state = context.writer.collection(ns);
      if (state === undefined) throw new MongoError(26, `ns does not exist: ${ns}`);
      const reply = new Doc();
      // The index first: what is wrong with it leaves the options as they were.
      if (change !== undefined) changeIndex(context, state, change, reply);
      changeOptions(context, state);
      return reply;
    });
  },
};

function changeOptions(context: CommandContext, state: CollectionState): void {
  const options = state.options.clone();
  let changed = false;
  for (const key of CHANGEABLE) {
    const value = context.args.get(key);
    if (value === undefined) continue;
    options.set(key, value);
    changed = true;
  }
  if (changed) context.writer.change({ kind: 'options', ns: state.ns, cid: state.cid, options }, [state.ns]);
}

const INDEX_FIELDS = new Set(['name', 'keyPattern', 'expireAfterSeconds', 'hidden']);

function checkIndexChange(change: Doc): void {
  for (const key of ['unique', 'prepareUnique', 'forceNonUnique']) {
    if (change.has(key)) {
      throw new MongoError(238, `the option 'index.${key}' of collMod is not supported by the embedded server`);
    }
  }
  checkInnerFields('collMod.index', change, INDEX_FIELDS);
  const name = optionalString(change, 'name', 'collMod.index.name');
  const key = optionalDoc(change, 'keyPattern', 'collMod.index.keyPattern');
  if (name !== undefined && key !== undefined) throw new MongoError(72, 'Cannot specify both key pattern and name.');
  if (name === undefined && key === undefined)
    throw new MongoError(72, 'Must specify either index name or key pattern.');
  // Null counts as not given.
  if ((change.get('expireAfterSeconds') ?? change.get('hidden') ?? null) === null) {
    throw new MongoError(72, 'no expireAfterSeconds, hidden, unique, or prepareUnique field');
  }
  const seconds = change.get('expireAfterSeconds') ?? 0;
  if (!isNumber(seconds)) throw new MongoError(14, 'expireAfterSeconds has to be a number');
  if (!(numberOf(seconds) >= 0 && numberOf(seconds) <= MAX_EXPIRE_SECONDS)) {
    throw new MongoError(
      72,
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a different number than ${numberOf(seconds)}`,
    );
  }
}

function indexToChange(state: CollectionState, change: Doc): IndexState {
  const name = change.get('name');
  const key = change.get('keyPattern');
  const found =
    typeof name === 'string'
      ? [findIndex(state, name)]
      : state.indexes.filter((candidate) => equalValues(candidate.spec.definition.get('key'), key));
  if (found.length > 1) {
    throw new MongoError(181, `index keyPattern matches ${found.length} indexes, must use index name.`);
  }
  const [index] = found;
  if (index === undefined) throw new MongoError(27, `cannot find index for ns ${state.ns}`);
  return index;
}

/** Tells in the reply what is different afterwards, as MongoDB does; what was so already is not told. */
function changeIndex(context: CommandContext, state: CollectionState, change: Doc, reply: Doc): void {
  const index = indexToChange(state, change);
  const definition = index.spec.definition.clone();
  const seconds = change.get('expireAfterSeconds');
  if (isNumber(seconds)) changeExpiry(index, seconds, definition, reply);
  const hidden = optionalBoolean(change, 'hidden', 'collMod.index.hidden');
  if (hidden !== undefined) {
    if (index.spec.name === '_id_') throw new MongoError(2, "can't hide _id index");
    if (hidden !== index.spec.hidden) {
      reply.append('hidden_old', index.spec.hidden);
      reply.append('hidden_new', hidden);
    }
    if (hidden) definition.set('hidden', true);
    else definition.delete('hidden');
  }
  const spec = readIndexSpec(definition, undefined);
  context.writer.change({ kind: 'changeIndex', ns: state.ns, cid: state.cid, spec }, [state.ns]);
}

/** An index that did not expire anything so far can be made to. */
function changeExpiry(index: IndexState, seconds: NumberValue, definition: Doc, reply: Doc): void {
  if (index.spec.name === '_id_') throw new MongoError(72, 'the _id field does not support TTL indexes');
  const before = index.spec.expireAfterSeconds;
  if (before === null && index.spec.fields.length !== 1) {
    throw new MongoError(72, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  }
  if (before !== null) reply.append('expireAfterSeconds_old', Long.fromNumber(before));
  if (before !== numberOf(seconds)) reply.append('expireAfterSeconds_new', Long.fromNumber(numberOf(seconds)));
  definition.set('expireAfterSeconds', seconds);
}
