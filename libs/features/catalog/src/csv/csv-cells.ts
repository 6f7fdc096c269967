import { currencyInfo } from '@cartwright/domain-money';
import { withoutGuard } from '@cartwright/platform-documents';
import { z } from 'zod';
import { slugSchema } from '../catalog.contracts.ts';
import { altSchema } from '../admin/product-images.contracts.ts';
import { PIECES_MAX, PRICE_MAX, productFields, skuSchema } from '../admin/product-edit.contracts.ts';
import { lineSchema, nameSchema } from '../text.contracts.ts';
import { LIST_SEPARATOR } from './csv-columns.ts';

/** A cell that can't be read. */
class CellError extends Error {}

/** What a cell says: a value, null where it is empty, undefined where the file has no such column. */
export type Cell<T> = T | null | undefined;

const refuse = (message: string): never => {
  throw new CellError(message);
};

/** The first thing that a schema has against a text. */
function parsed<T>(schema: z.ZodType<T>, text: unknown): T {
  const result = schema.safeParse(text);
  return result.success ? result.data : refuse(result.error.issues[0]?.message ?? 'This can not be read');
}

/** Years that the calendar of a shop knows, with the time and where on earth it is meant: 2026-05-01T08:00:00Z. */
const MOMENT = /^(?:19|20|21)\d\d-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

function momentOf(text: string): Date {
  const day = text.slice(0, 10);
  // The 31st of February would be taken for the 3rd of March.
  const isDay = MOMENT.test(text) && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day);
  const moment = new Date(isDay ? text : Number.NaN);
  return Number.isNaN(moment.getTime()) ? refuse('A day or moment like 2026-05-01T08:00:00Z') : moment;
}

/** A price as people write it, in minor units: no sign, no groups, as many decimals as the currency has. */
function priceOf(text: string, currency: string): number {
  const { exponent } = currencyInfo(currency);
  const [, whole = '', fraction = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(text) ?? refuse('A price like 12.50');
  if (fraction.length > exponent) refuse(exponent === 0 ? 'No decimals' : `${exponent} decimals at most`);
  const amount = Number(whole + fraction.padEnd(exponent, '0'));
  return amount > PRICE_MAX ? refuse('Too high') : amount;
}

function piecesOf(text: string): number {
  const pieces = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  return pieces <= PIECES_MAX ? pieces : refuse(`A whole number from 0 to ${PIECES_MAX}`);
}

/** How the text of each kind of cell is read. */
export const READ = {
  slug: (text: string) => parsed(slugSchema, text),
  sku: (text: string) => parsed(skuSchema, text),
  title: (text: string) => parsed(productFields.title, text),
  description: (text: string) => parsed(productFields.description, text),
  taxClass: (text: string) => parsed(productFields.taxClass, text),
  status: (text: string) => parsed(productFields.status, text.toLowerCase()),
  slugs: (text: string) =>
    parsed(
      z.array(slugSchema).max(10, 'Ten categories at most'),
      text.split(LIST_SEPARATOR).filter((part) => part.trim() !== ''),
    ),
  alts: (text: string) => text.split(LIST_SEPARATOR).map((alt) => (alt.trim() === '' ? '' : parsed(altSchema, alt))),
  optionName: (text: string) => parsed(nameSchema(40), text),
  optionValue: (text: string) => parsed(lineSchema(80), text),
  attribute: (text: string) => parsed(lineSchema(200), text),
  attributeName: (text: string) => parsed(nameSchema(60), text),
  moment: momentOf,
  pieces: piecesOf,
  price: priceOf,
};

/** Reads a cell, or says what is wrong with it. */
export function readCell<T>(
  text: string | undefined,
  read: (text: string) => T,
  onProblem: (message: string) => void,
): Cell<T> {
  if (text === undefined) return undefined;
  const plain = withoutGuard(text).trim();
  if (plain === '') return null;
  try {
    return read(plain);
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    onProblem(error.message);
    return null;
  }
}
