interface Known {
  /** The case's name, whole or its beginning with `*` behind. */
  readonly name: string;
  readonly reason: string;
  /** First major version of the reference it holds for; it is a pre-release that differs from what is promised. */
  readonly since?: number;
}

const OUT_OF_RANGE = 'MongoDB 8 answers 51024 for numbers out of range, 9 answers BadValue';
const NO_GERMAN = 'the reference was built without the data of that language';

/** Differences that are there for a reason. Everything else fails the run. */
const KNOWN: readonly Known[] = [
  {
    name: 'indexes: hidden under the name of a visible one',
    reason: 'MongoDB 8 takes an index that differs in being hidden as the same',
    since: 9,
  },
  { name: 'index specifications: a strength out of range', reason: OUT_OF_RANGE, since: 9 },
  { name: 'index specifications: a collation of strength 1', reason: NO_GERMAN, since: 9 },
  ...['limit', 'skip', 'batch', 'batch later'].map((name) => ({
    name: `cursors: a negative ${name}`,
    reason: OUT_OF_RANGE,
    since: 9,
  })),
  { name: 'cursors: an aggregation with a negative batch', reason: OUT_OF_RANGE, since: 9 },
  { name: 'cursors: counts with a negative skip', reason: OUT_OF_RANGE, since: 9 },
  { name: 'cursors: min without a hint', reason: 'min and max are not there and say so' },
  { name: 'batches: a write concern of no nodes there are', reason: 'the reference is no replica set', since: 9 },
  { name: 'arrays: filters of a replacement', reason: 'refused instead of ignored, as nobody means them' },
  { name: 'unique: with a collation', reason: NO_GERMAN, since: 9 },
  { name: 'unique: with a collation, equal but for case', reason: 'keys of collations are not those of ICU' },
  ...['one that is missing', 'one that is missing among others', 'a key that is missing'].map((name) => ({
    name: `dropping indexes: ${name}`,
    reason: 'MongoDB 8 answers IndexNotFound; 9 takes what is missing as dropped',
    since: 9,
  })),
];

/** Why the answers of a case may differ from those of a reference of this version. */
export function knownReason(name: string, version: string): string | undefined {
  const major = Number(version.split('.')[0]);
  return KNOWN.find(
    (known) =>
      (known.name.endsWith('*') ? name.startsWith(known.name.slice(0, -1)) : name === known.name) &&
      major >= (known.since ?? 0),
  )?.reason;
}
