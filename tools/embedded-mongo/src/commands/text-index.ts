import { Doc, isNumber, type Value } from '../bson/index.ts';
import { MongoError, numberOf, type TextFields } from '../engine/index.ts';

const CANNOT_CREATE_INDEX = 67;
const LANGUAGES = new Set(['english', 'none', 'en']);

/**
 * The fields of a text index, from its key or, for one that was stored, from its weights; null for other indexes.
 * @throws MongoError 67 for what is not supported: text together with other fields, wildcards, other languages.
 */
export function readTextFields(key: Doc, spec: Doc): TextFields | null {
  if (!key.values.includes('text')) return null;
  const stored = key.has('_fts');
  const given = spec.get('weights');
  const weights = new Map<string, number>();
  if (!stored) {
    key.keys.forEach((path, i) => {
      if (key.values[i] !== 'text' || path.includes('$') || path === '') {
        throw new MongoError(
          CANNOT_CREATE_INDEX,
          `the embedded server makes text indexes of plain text fields only, not of '${path}'`,
        );
      }
      weights.set(path, 1);
    });
  }
  if (given instanceof Doc) given.keys.forEach((path, i) => weights.set(path, weightOf(path, given.values[i])));
  const language = spec.get('default_language') ?? 'english';
  if (typeof language !== 'string' || !LANGUAGES.has(language)) {
    throw new MongoError(
      CANNOT_CREATE_INDEX,
      `default_language ${String(language)} is not supported by the embedded server`,
    );
  }
  return { weights, defaultLanguage: language === 'en' ? 'english' : language };
}

function weightOf(path: string, value: Value | undefined): number {
  const weight = isNumber(value) ? numberOf(value) : NaN;
  if (!(weight >= 1 && weight <= 99999)) {
    throw new MongoError(
      CANNOT_CREATE_INDEX,
      `text index weight must be in the exclusive interval (0,99999] but found: ${path}`,
    );
  }
  return weight;
}

/** @throws MongoError 67 when an index on other fields has options of text indexes. */
export function refuseTextOptions(spec: Doc): void {
  for (const option of ['weights', 'default_language', 'language_override', 'textIndexVersion']) {
    if (spec.has(option)) throw new MongoError(CANNOT_CREATE_INDEX, `the option '${option}' is for text indexes`);
  }
}

/** Adds to a definition what listIndexes tells of a text index. */
export function appendTextOptions(definition: Doc, text: TextFields): void {
  const weights = new Doc();
  for (const path of [...text.weights.keys()].sort()) weights.append(path, text.weights.get(path) ?? 1);
  definition.append('weights', weights);
  definition.append('default_language', text.defaultLanguage ?? 'english');
  definition.append('language_override', 'language');
  definition.append('textIndexVersion', 3);
}
