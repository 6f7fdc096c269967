import { Doc, isNumber } from '../bson/index.ts';
import { MongoError } from './errors.ts';
import { numberOf } from './numbers.ts';

/** A string order other than by bytes. `sortKey` gives text whose byte order is that order; equal keys mean equal. */
export interface Collation {
  readonly locale: string;
  readonly strength: 1 | 2 | 3;
  compare(a: string, b: string): number;
  sortKey(text: string): string;
}

const KNOWN = new Set([
  'locale',
  'strength',
  'caseLevel',
  'caseFirst',
  'numericOrdering',
  'alternate',
  'maxVariable',
  'backwards',
  'normalization',
  'version',
]);

/**
 * Reads a collation document; undefined for `{locale: 'simple'}` or none.
 * @throws MongoError BadValue for unknown fields, locales or strengths, and for options that are not supported.
 */
export function parseCollation(spec: Doc | null | undefined): Collation | undefined {
  if (!spec || spec.size === 0) return undefined;
  for (const key of spec.keys) {
    if (!KNOWN.has(key)) throw new MongoError(40415, `BSON field 'collation.${key}' is an unknown field.`);
  }
  const locale = spec.get('locale');
  if (typeof locale !== 'string')
    throw new MongoError(40414, "BSON field 'collation.locale' is missing but a required field");
  if (locale === 'simple') return undefined;
  if (!isKnownLocale(locale)) throw new MongoError(2, `Field 'locale' is invalid in: { locale: "${locale}" }`);
  const strength = spec.get('strength') ?? 3;
  const level = isNumber(strength) ? numberOf(strength) : NaN;
  if (!(level >= 1 && level <= 5)) {
    throw new MongoError(
      51024,
      `BSON field 'strength' value must be >= 1 and <= 5, actual value '${String(strength)}'`,
    );
  }
  refuseUnsupported(spec);
  if (level > 3) throw new MongoError(238, `collation strength ${level} is not supported`);
  return knownCollation(locale, level >= 3 ? 3 : level >= 2 ? 2 : 1);
}

/** The version of the collation data that MongoDB 8 tells. */
const VERSION = '57.1';

/** A collation with all of its options written out, the way MongoDB keeps it; undefined for the simple one. */
export function completeCollation(spec: Doc): Doc | undefined {
  if (parseCollation(spec) === undefined) return undefined;
  const complete = Doc.of(['locale', spec.get('locale') ?? 'simple']);
  const append = (name: string, otherwise: string | number | boolean): unknown =>
    complete.append(name, spec.get(name) ?? otherwise);
  append('caseLevel', false);
  append('caseFirst', 'off');
  append('strength', 3);
  append('numericOrdering', false);
  append('alternate', 'non-ignorable');
  append('maxVariable', 'punct');
  append('normalization', false);
  append('backwards', false);
  return complete.append('version', VERSION);
}

const KEPT = 64;
const kept = new Map<string, Collation>();

/** Ranking an alphabet takes milliseconds, too much for each query: collations are kept. */
function knownCollation(locale: string, strength: 1 | 2 | 3): Collation {
  const name = `${locale} ${strength}`;
  const known = kept.get(name);
  if (known !== undefined) return known;
  if (kept.size >= KEPT) kept.clear();
  const collation = createCollation(locale, strength);
  kept.set(name, collation);
  return collation;
}

// Options whose default is the only thing that is supported.
const DEFAULTS: Readonly<Record<string, readonly (string | boolean)[]>> = {
  caseLevel: [false],
  caseFirst: ['off'],
  numericOrdering: [false],
  alternate: ['non-ignorable'],
  maxVariable: ['punct', 'space'],
  backwards: [false],
  normalization: [false, true],
};

function refuseUnsupported(spec: Doc): void {
  for (const [option, values] of Object.entries(DEFAULTS)) {
    const value = spec.get(option);
    if (value !== undefined && !values.some((allowed) => allowed === value)) {
      throw new MongoError(238, `the collation option '${option}' is not supported`);
    }
  }
}

function isKnownLocale(locale: string): boolean {
  try {
    return Intl.Collator.supportedLocalesOf([locale.replace('_', '-').replace(/@.*$/, '')]).length > 0;
  } catch {
    return false;
  }
}

/** Builds a collation whose primary order follows the locale's alphabet as the runtime knows it. */
export function createCollation(locale: string, strength: 1 | 2 | 3): Collation {
  const tag = locale.replace('_', '-').replace(/@.*$/, '');
  const weights = createWeights(tag);
  const cache = new Map<string, string>();
  const sortKey = (text: string): string => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const key = buildKey(text, strength, weights);
    if (cache.size > 10000) cache.clear();
    cache.set(text, key);
    return key;
  };
  const compare = (a: string, b: string): number => {
    if (a === b) return 0;
    const x = sortKey(a);
    const y = sortKey(b);
    return x < y ? -1 : x > y ? 1 : 0;
  };
  return { locale, strength, compare, sortKey };
}

type Weights = (char: string) => number;

/** Ranks of the Latin, Greek and Cyrillic characters by the locale; other characters follow by code point. */
function createWeights(tag: string): Weights {
  const collator = new Intl.Collator(tag, { sensitivity: 'base' });
  const chars: string[] = [];
  for (let code = 1; code < 0x530; code++) {
    const char = String.fromCharCode(code).toLowerCase();
    if (char.normalize('NFC') === char && !/\p{M}/u.test(char) && char.length === 1) chars.push(char);
  }
  const sorted = [...new Set(chars)].sort(collator.compare);
  const ranks = new Map<string, number>();
  let rank = 0;
  sorted.forEach((char, i) => {
    if (i === 0 || collator.compare(sorted[i - 1]!, char) !== 0) rank++;
    ranks.set(char, rank);
  });
  return (char) => ranks.get(char) ?? 0x600 + char.codePointAt(0)!;
}

const MARKS = /\p{M}/u;

// Primary weights of all characters, then (from strength 2) accents, then (from strength 3) case.
function buildKey(text: string, strength: number, weights: Weights): string {
  let primary = '';
  let secondary = '';
  let tertiary = '';
  for (const char of text.normalize('NFC')) {
    const lower = char.toLowerCase();
    const parts = lower.normalize('NFD');
    const base = String.fromCodePoint(parts.codePointAt(0)!);
    // A letter with its own place in the alphabet (such as å in Danish) keeps it.
    const whole = weights(lower);
    const own = whole < 0x600 || parts.length === 1 ? whole : weights(base);
    if (own === 1 && lower.charCodeAt(0) < 32) continue;
    if (!MARKS.test(base)) primary += weightBytes(own);
    secondary +=
      parts.length > base.length || MARKS.test(base)
        ? `\x02${weightBytes(parts.codePointAt(base.length) ?? base.codePointAt(0)!)}`
        : '\x01';
    tertiary += char === lower ? '\x01' : '\x02';
  }
  if (strength === 1) return primary;
  return strength === 2 ? `${primary}\x01\x01${secondary}` : `${primary}\x01\x01${secondary}\x01\x01${tertiary}`;
}

function weightBytes(weight: number): string {
  // Three bytes, each at least 2, so that the level separator sorts below every weight.
  return String.fromCharCode(2 + ((weight >> 14) & 127), 2 + ((weight >> 7) & 127), 2 + (weight & 127));
}
