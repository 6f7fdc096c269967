import { Doc, isTimestamp, typeName, type Value } from '../bson/index.ts';
import { checkInnerFields, optionalBoolean, optionalDoc } from '../commands/args.ts';
import { MongoError } from '../engine/index.ts';
import type { ClusterTime } from '../sessions/clock.ts';
import { readToken, type ResumeToken } from './token.ts';

const FULL_DOCUMENT = ['default', 'updateLookup', 'whenAvailable', 'required'] as const;
const BEFORE_CHANGE = ['off', 'whenAvailable', 'required'] as const;

/** Where a change stream begins. */
export type Start =
  | { readonly kind: 'now' }
  | { readonly kind: 'time'; readonly time: ClusterTime }
  /** `given` is the token as the client keeps it. */
  | { readonly kind: 'token'; readonly token: ResumeToken; readonly given: Doc };

/** The argument of `$changeStream`. */
export interface WatchSpec {
  readonly start: Start;
  readonly fullDocument: (typeof FULL_DOCUMENT)[number];
  readonly fullDocumentBeforeChange: (typeof BEFORE_CHANGE)[number];
  readonly expanded: boolean;
  readonly wholeCluster: boolean;
}

/** Options of MongoDB's own tools, which ask for what there is none of here. */
const INTERNAL = [
  'showMigrationEvents',
  'showSystemEvents',
  'showRawUpdateDescription',
  'allowToRunOnConfigDB',
  'allowToRunOnSystemNS',
];

const FIELDS = new Set([
  'resumeAfter',
  'startAfter',
  'startAtOperationTime',
  'fullDocument',
  'fullDocumentBeforeChange',
  'showExpandedEvents',
  'allChangesForCluster',
  ...INTERNAL,
]);

/** @throws MongoError with MongoDB's codes for wrong options and tokens. */
export function readWatchSpec(argument: Value): WatchSpec {
  if (!(argument instanceof Doc)) throw new MongoError(50808, '$changeStream stage expects a document as argument');
  checkInnerFields('$changeStream', argument, FIELDS);
  const flag = (name: string): boolean => optionalBoolean(argument, name, `$changeStream.${name}`) ?? false;
  for (const name of INTERNAL) {
    if (flag(name)) throw new MongoError(238, `'${name}' of $changeStream is not supported by the embedded server`);
  }
  return {
    fullDocument: oneOf(argument, 'fullDocument', FULL_DOCUMENT),
    fullDocumentBeforeChange: oneOf(argument, 'fullDocumentBeforeChange', BEFORE_CHANGE),
    expanded: flag('showExpandedEvents'),
    wholeCluster: flag('allChangesForCluster'),
    start: readStart(argument),
  };
}

/** One of the words an option may be; the first is the default. */
function oneOf<T extends string>(spec: Doc, name: string, words: readonly [T, ...T[]]): T {
  const value = spec.get(name);
  if (value === undefined) return words[0];
  if (typeof value !== 'string') throw wrongType(name, value, 'string');
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw new MongoError(2, `Enumeration value '${value}' for field '$changeStream.${name}' is not a valid value.`);
}

function readStart(spec: Doc): Start {
  const resumeAfter = optionalDoc(spec, 'resumeAfter', '$changeStream.resumeAfter');
  const startAfter = optionalDoc(spec, 'startAfter', '$changeStream.startAfter');
  const at = spec.get('startAtOperationTime');
  if (at !== undefined && !isTimestamp(at)) throw wrongType('startAtOperationTime', at, 'timestamp');
  if (resumeAfter !== undefined && startAfter !== undefined) {
    throw new MongoError(50865, "Do not specify both 'resumeAfter' and 'startAfter' in a $changeStream stage");
  }
  const given = resumeAfter ?? startAfter;
  if (given === undefined) {
    if (at === undefined) return { kind: 'now' };
    return { kind: 'time', time: { seconds: at.getHighBitsUnsigned(), counter: at.getLowBitsUnsigned() } };
  }
  const token = readToken(given);
  if (at !== undefined) {
    throw new MongoError(40674, 'Only one type of resume option is allowed, but multiple were found');
  }
  if (resumeAfter !== undefined && token.kind === 'invalidate') {
    throw new MongoError(
      260,
      "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.",
    );
  }
  return { kind: 'token', token, given };
}

function wrongType(name: string, value: Value, expected: string): MongoError {
  return new MongoError(
    14,
    `BSON field '$changeStream.${name}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
  );
}
