import { Doc, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { noteTextScore } from '../meta.ts';
import { fieldPath, valuesAtPath } from '../path.ts';
import type { DocTest } from './compile.ts';

/** The fields of a text index with their weights; `$**` stands for every text in the document. */
export interface TextFields {
  readonly weights: ReadonlyMap<string, number>;
  readonly defaultLanguage?: string | undefined;
}

const STOP_WORDS = new Set(
  (
    'a about above after again against all am an and any are as at be because been before being below between both but by can ' +
    'did do does doing don down during each few for from further had has have having he her here hers herself him himself his ' +
    'how i if in into is it its itself just me more most my myself no nor not now of off on once only or other our ours ' +
    'ourselves out over own s same she should so some such t than that the their theirs them themselves then there these they ' +
    'this those through to too under until up very was we were what when where which while who whom why will with you your ' +
    'yours yourself yourselves'
  ).split(' '),
);

const VOWEL = /[aeiouy]/;

/** Reduces an English word to its stem, so that singular, plural and verb forms meet. */
export function stem(word: string): string {
  let result = word;
  if (result.length < 3) return result;
  if (result.endsWith('sses')) result = result.slice(0, -2);
  else if (/(ied|ies)$/.test(result)) result = result.slice(0, result.length > 4 ? -2 : -1);
  else if (result.endsWith('s') && !/(us|ss)$/.test(result) && VOWEL.test(result.slice(0, -2)))
    result = result.slice(0, -1);
  const verb = /(ingly|edly|ing|ed)$/.exec(result);
  if (verb && VOWEL.test(result.slice(0, -verb[0].length))) {
    result = result.slice(0, -verb[0].length);
    if (/(at|bl|iz)$/.test(result)) result += 'e';
    else if (/(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(result)) result = result.slice(0, -1);
    else if (/^[^aeiou]*[aeiouy][^aeiouywx]$/.test(result)) result += 'e';
  }
  if (/[^aeiou]y$/.test(result) && result.length > 2) result = `${result.slice(0, -1)}i`;
  result = result
    .replace(/(ational|ation|ator)$/, 'ate')
    .replace(/(fulness|ousness|iveness)$/, (end) => end.slice(0, -4));
  if (/[^aeiou]e$/.test(result) && result.length > 4) result = result.slice(0, -1);
  return result;
}

/** The stems of a text, without stop words, in their order. */
export function tokenize(text: string, language = 'english'): string[] {
  const words = fold(text)
    .split(/[^\p{L}\p{N}_']+/u)
    .map((word) => word.replace(/^'+|'+$|'s$/g, ''));
  const kept = words.filter((word) => word !== '');
  return language === 'none' ? kept : kept.filter((word) => !STOP_WORDS.has(word)).map(stem);
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

interface Search {
  readonly terms: ReadonlySet<string>;
  readonly excluded: ReadonlySet<string>;
  readonly phrases: readonly string[];
  readonly excludedPhrases: readonly string[];
  readonly language: string;
}

/** A quoted phrase, with the minus sign before it when it must not be there. */
const PHRASE = /(?<=^|[\s"])(-?)"([^"]*)"/g;

/** The words of a search that documents should hold, or with `excluded` those that they must not. */
export function searchWords(search: string, excluded = false): string[] {
  // Within a phrase a minus sign excludes nothing.
  const loose = search.replace(PHRASE, (_all, minus: string, phrase: string) =>
    minus === '' ? ` ${phrase.replaceAll('-', ' ')} ` : ' ',
  );
  const words = loose.replaceAll('"', ' ').split(/\s+/);
  return words.filter((word) => word.startsWith('-') === excluded);
}

/** Whether a filter holds a `$text` condition anywhere. */
export function searchesText(filter: Doc): boolean {
  return filter.keys.some((key, i) => {
    const value = filter.values[i];
    if (key === '$text') return true;
    return Array.isArray(value) && value.some((clause) => clause instanceof Doc && searchesText(clause));
  });
}

const SEARCH_FIELDS = new Set(['$search', '$language', '$caseSensitive', '$diacriticSensitive']);

const wrongType = (field: string, value: Value, expected: string): MongoError =>
  new MongoError(14, `"${field}" had the wrong type. Expected ${expected}, found ${typeName(value)}`);

/** Codes as MongoDB's for what is missing, of the wrong type, or not known. @throws MongoError 2, 4, 14, 238 */
function parseSearch(value: Value, fields: TextFields): Search {
  if (!(value instanceof Doc)) throw new MongoError(2, '$text expects an object');
  const search = value.get('$search');
  if (search === undefined) throw new MongoError(4, 'Missing expected field "$search"');
  if (typeof search !== 'string') throw wrongType('$search', search, 'string');
  for (const option of ['$caseSensitive', '$diacriticSensitive'] as const) {
    const given = value.get(option) ?? false;
    if (typeof given !== 'boolean') throw wrongType(option, given, 'boolean');
    if (given) throw new MongoError(238, `the option '${option}' of $text is not supported`);
  }
  if (!value.keys.every((key) => SEARCH_FIELDS.has(key))) throw new MongoError(2, 'extra fields in $text');
  const language = readLanguage(value.get('$language')) ?? fields.defaultLanguage ?? 'english';
  const matched = [...search.matchAll(PHRASE)];
  const phrasesWith = (minus: string): string[] =>
    matched.filter((match) => match[1] === minus).map((match) => fold(match[2]!));
  const stems = (words: readonly string[]): Set<string> => new Set(words.flatMap((word) => tokenize(word, language)));
  return {
    terms: stems(searchWords(search)),
    excluded: stems(searchWords(search, true)),
    phrases: phrasesWith(''),
    excludedPhrases: phrasesWith('-'),
    language,
  };
}

function readLanguage(given: Value | undefined): string | undefined {
  if (given === undefined || given === 'none' || given === 'english') return given;
  if (given === 'en') return 'english';
  if (typeof given !== 'string') throw wrongType('$language', given, 'string');
  throw new MongoError(238, `the language '${given}' of $text is not supported by the embedded server`);
}

function textsOf(doc: Doc, field: string): string[] {
  if (field === '$**') return allTexts(doc);
  return valuesAtPath(doc, fieldPath(field)).filter((value) => typeof value === 'string');
}

function allTexts(value: MaybeValue): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Doc) return value.values.flatMap(allTexts);
  return Array.isArray(value) ? value.flatMap(allTexts) : [];
}

/** Compiles a `$text` condition to a scoring function; 0 means that the document doesn't match. */
export function textScorer(value: Value, fields: TextFields): (doc: Doc) => number {
  const { terms, excluded, phrases, excludedPhrases, language } = parseSearch(value, fields);
  return (doc) => {
    let score = 0;
    const seen: string[] = [];
    for (const [field, weight] of fields.weights) {
      for (const text of textsOf(doc, field)) {
        const tokens = tokenize(text, language);
        if (tokens.some((token) => excluded.has(token))) return 0;
        seen.push(fold(text));
        score += weight * fieldScore(tokens, terms);
      }
    }
    const holds = (phrase: string): boolean => seen.some((text) => text.includes(phrase));
    return phrases.every(holds) && !excludedPhrases.some(holds) ? score : 0;
  };
}

// Each further occurrence of a term adds half of the one before; long texts count a little less.
function fieldScore(tokens: readonly string[], terms: ReadonlySet<string>): number {
  const counts = new Map<string, number>();
  for (const token of tokens) if (terms.has(token)) counts.set(token, (counts.get(token) ?? 0) + 1);
  let score = 0;
  for (const count of counts.values()) score += (2 - 0.5 ** (count - 1)) * (0.5 + 0.5 / tokens.length);
  return score;
}

export function compileText(value: Value, fields: TextFields | undefined): DocTest {
  if (!fields) throw new MongoError(27, 'text index required for $text query');
  const score = textScorer(value, fields);
  return (doc) => {
    const points = score(doc);
    if (points > 0) noteTextScore(doc, points);
    return points > 0;
  };
}
