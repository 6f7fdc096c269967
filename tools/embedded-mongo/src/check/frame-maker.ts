import { BSONRegExp, serialize, type Document } from 'bson';
import { opMsg } from '../testing/raw-client.ts';
import { crc32c } from '../wire/crc32c.ts';
import type { Random } from './random.ts';

const NAMES = [
  'a',
  'b.c',
  '_id',
  '__proto__',
  'constructor',
  'prototype',
  'a.__proto__.x',
  'constructor.prototype.x',
  '$a',
  '',
  '0',
];
const OPERATORS = [
  '$set',
  '$inc',
  '$push',
  '$unset',
  '$gt',
  '$in',
  '$and',
  '$expr',
  '$elemMatch',
  '$regex',
  '$type',
  '$rename',
];
const STAGES = ['$match', '$group', '$project', '$unwind', '$sort', '$lookup', '$facet', '$setWindowFields', '$limit'];

/** A frame as a client would never send it: a command of odd values, and most often something broken in its bytes. */
export function makeFrame(random: Random): Buffer {
  const body = encode(random);
  if (random.chance(0.05)) return randomBytes(random, 1 + random.below(300));
  let frame: Buffer = opMsg(
    body,
    random.below(2 ** 31),
    random.chance(0.9) ? 0 : random.pick([2, 1, 4, 2 ** 16, 2 ** 31]),
  );
  if (random.chance(0.1)) frame = withChecksum(frame);
  if (random.chance(0.1)) frame = withSequence(frame, random);
  if (random.chance(0.65)) return frame;
  for (let change = random.below(6); change >= 0; change--) frame = damage(frame, random);
  return frame;
}

function encode(random: Random): Buffer {
  const command = makeCommand(random);
  const bytes = Buffer.from(serialize(command, { checkKeys: false }));
  // Text that is no UTF-8, and a field name twice.
  if (random.chance(0.2)) bytes[bytes.indexOf('text') + random.below(4)] = 0xff;
  return bytes;
}

function makeCommand(random: Random): Document {
  const common = { $db: random.chance(0.95) ? 'fuzz' : random.pick(['admin', '', 'a/b', 'x'.repeat(80)]) };
  const odd = (): unknown => makeValue(random, 3);
  switch (random.below(10)) {
    case 0:
      return {
        find: 'rows',
        filter: odd(),
        [random.pick(['sort', 'projection', 'limit', 'let', 'hint'])]: odd(),
        maxTimeMS: 2000,
        ...common,
      };
    case 1:
      return { insert: 'rows', documents: [odd(), { text: 'text' }], ordered: random.chance(0.5), ...common };
    case 2:
      return { update: 'rows', updates: [{ q: odd(), u: odd(), upsert: random.chance(0.3) }], ...common };
    case 3:
      return {
        aggregate: 'rows',
        pipeline: [{ [random.pick(STAGES)]: odd() }],
        cursor: {},
        maxTimeMS: 2000,
        ...common,
      };
    case 4:
      return { findAndModify: 'rows', query: odd(), update: odd(), new: odd(), ...common };
    case 5:
      return {
        [random.pick(['getMore', 'killCursors', 'createIndexes', 'count', 'explain', 'nope'])]: odd(),
        ...common,
      };
    case 6:
      return {
        bulkWrite: 1,
        ops: [
          { [random.pick(['insert', 'update', 'delete'])]: random.pick([0, odd()]), filter: odd(), document: odd() },
        ],
        nsInfo: [{ ns: random.pick(['fuzz.rows', 'fuzz', odd()]) }],
        [random.pick(['cursor', 'let', 'stmtIds', 'errorsOnly'])]: odd(),
        $db: 'admin',
      };
    case 7:
      return {
        [random.pick(['create', 'collMod', 'collStats', 'refreshSessions', 'killSessions', 'listCollections'])]: 'rows',
        [random.pick(['validator', 'index', 'scale', 'collation', 'filter', 'cursor'])]: odd(),
        ...common,
      };
    case 8:
      return {
        ...random.pick([{ find: 'rows' }, { insert: 'rows', documents: [{}] }]),
        [random.pick(['readConcern', 'writeConcern', '$readPreference', 'apiVersion', 'maxTimeMS'])]: odd(),
        [random.pick(['lsid', 'txnNumber', 'autocommit', 'startTransaction', 'comment'])]: odd(),
        ...common,
      };
    default:
      return { commitTransaction: 1, lsid: odd(), txnNumber: odd(), autocommit: false, ...common };
  }
}

function makeValue(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 12 : 8);
  if (kind < 8)
    return random.pick([
      1,
      -1,
      0,
      1e308,
      NaN,
      'text',
      '',
      null,
      true,
      new Date(8.64e15),
      new BSONRegExp('a(b', 'i'),
      2 ** 53,
      -0,
    ]);
  if (kind === 8) return Array.from({ length: random.below(4) }, () => makeValue(random, depth - 1));
  if (kind === 9 && random.chance(0.1)) return nested(random.pick([50, 150, 250, 5000]));
  const fields = Array.from({ length: random.below(4) }, (): [string, unknown] => [
    random.pick(random.chance(0.6) ? NAMES : OPERATORS),
    makeValue(random, depth - 1),
  ]);
  // Own fields, whatever their names: an object literal would take __proto__ for something else.
  return Object.fromEntries(fields);
}

/** BSON cannot be made deep by recursion here either: the bytes are put around each other. */
function nested(levels: number): Document {
  let deep: Document = {};
  for (let i = 0; i < Math.min(levels, 1000); i++) deep = { a: deep };
  return deep;
}

function withChecksum(frame: Buffer): Buffer {
  const whole = Buffer.concat([frame, Buffer.alloc(4)]);
  whole.writeInt32LE(whole.length, 0);
  whole.writeUInt32LE((whole.readUInt32LE(16) | 1) >>> 0, 16);
  whole.writeUInt32LE(crc32c(whole.subarray(0, -4)), whole.length - 4);
  return whole;
}

function withSequence(frame: Buffer, random: Random): Buffer {
  const document = serialize({ _id: random.below(1000), text: 'text' });
  const name = Buffer.from(random.pick(['documents\0', 'updates\0', '\0', '__proto__\0']));
  const section = Buffer.alloc(5 + name.length);
  section[0] = 1;
  section.writeInt32LE(4 + name.length + document.length * 2, 1);
  section.set(name, 5);
  const whole = Buffer.concat([frame, section, document, document]);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}

const LENGTHS = [-1, 0, 4, 15, 16, 47, 48_000_000, 48_000_001, 0x7fffffff, -0x80000000];

function damage(frame: Buffer, random: Random): Buffer {
  if (frame.length < 26) return frame;
  switch (random.below(5)) {
    case 0:
      frame.writeInt32LE(random.pick(LENGTHS), random.pick([0, 21, 21, 12]));
      return frame;
    case 1:
      return frame.subarray(0, random.below(frame.length));
    case 2:
      frame.writeInt32LE(random.pick(LENGTHS), 16 + random.below(frame.length - 20));
      return frame;
    default:
      frame[16 + random.below(frame.length - 16)] = random.below(256);
      return frame;
  }
}

const randomBytes = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => random.below(256)));
