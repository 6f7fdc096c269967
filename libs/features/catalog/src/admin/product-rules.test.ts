import { isDomainError } from '@cartwright/domain-errors';
import { describe, expect, it } from 'vitest';
import type { ProductDoc } from '../product.model.ts';
import type { ProductDraft, VariantDraft } from './product-draft.ts';
import { createProductInput, updateVariantInput } from './product-edit.contracts.ts';
import { problemsOf, refuseProblems } from './product-rules.ts';

const from = new Date('2026-06-01T00:00:00Z');
const variant = (sku: string, change: Partial<VariantDraft> = {}): VariantDraft => ({
  ...{ sku, options: { Size: 'S' }, price: 1_000 },
  ...change,
});
const draft = (change: Partial<ProductDraft> = {}): ProductDraft => ({
  ...{ slug: 'mug', title: 'Mug', description: '', brandId: null, categoryIds: [], taxClass: 'standard' },
  ...{ attributes: {}, options: [{ name: 'Size', values: ['S', 'M'] }], status: 'draft' },
  variants: [variant('M-S'), variant('M-M', { options: { Size: 'M' } })],
  ...change,
});
const facts = { currency: 'USD', taxClasses: new Set(['standard', 'reduced']) };
const fieldsOf = (change: Partial<ProductDraft>, currency = 'USD', before?: ProductDoc) =>
  problemsOf(draft(change), { ...facts, currency, before }).map(({ variant: place, field }) =>
    [place, field].join('.'),
  );
const before = { images: ['a.jpg'], variants: [{ id: 'v1', image: 'old.jpg' }] } as unknown as ProductDoc;

describe('a product', () => {
  it('that keeps the rules has no problems', () => {
    expect(problemsOf(draft(), facts)).toEqual([]);
    expect(fieldsOf({ options: [], variants: [variant('ONE', { options: {} })] })).toEqual([]);
    expect(fieldsOf({ status: 'active', publishAt: from })).toEqual([]);
  });

  it('is taxed by a class that there is, or by the one it has', () => {
    expect(fieldsOf({ taxClass: 'reduced' })).toEqual([]);
    expect(fieldsOf({ taxClass: 'luxury' })).toEqual(['.taxClass']);
    const had = { images: [], variants: [], taxClass: 'luxury' } as unknown as ProductDoc;
    expect(fieldsOf({ taxClass: 'luxury' }, 'USD', had)).toEqual([]);
    expect(fieldsOf({ taxClass: 'other' }, 'USD', had)).toEqual(['.taxClass']);
  });

  it.each<[string, Partial<ProductDraft>, string[]]>([
    ['without variants', { variants: [] }, ['.variants']],
    ['published at a time as a draft', { publishAt: from }, ['.publishAt']],
    [
      'with an option twice',
      {
        options: [
          { name: 'Size', values: ['S', 'M'] },
          { name: 'Size', values: ['S'] },
        ],
      },
      ['.options.1.name', '0.options', '1.options'],
    ],
    ['with a value twice', { options: [{ name: 'Size', values: ['S', 'M', 'S'] }] }, ['.options.0.values']],
    ['with a SKU twice', { variants: [variant('A'), variant('A', { options: { Size: 'M' } })] }, ['1.sku']],
    [
      'with values too many',
      { options: [{ name: 'Size', values: ['S', 'M', ...Array.from({ length: 49 }, (_, place) => `${place}`)] }] },
      ['.options.0.values'],
    ],
    [
      'with attributes too many',
      { attributes: Object.fromEntries(Array.from({ length: 51 }, (_, place) => [`a${place}`, 'x'])) },
      ['.attributes'],
    ],
    ['with an unknown value', { variants: [variant('A', { options: { Size: 'XL' } })] }, ['0.options']],
    ['with no value', { variants: [variant('A', { options: {} })] }, ['0.options']],
    ['with a value too many', { variants: [variant('A', { options: { Size: 'S', Hue: 'x' } })] }, ['0.options']],
    ['with an inherited value', { variants: [variant('A', { options: { toString: 'S' } })] }, ['0.options']],
    ['with the same options twice', { variants: [variant('A'), variant('B')] }, ['1.options']],
    [
      'with two variants and no options',
      { options: [], variants: ['A', 'B'].map((sku) => variant(sku, { options: {} })) },
      ['1.options'],
    ],
    ['with a variant nobody knows', { variants: [variant('A', { id: 'v9' })] }, ['0.id']],
    ['with a dearer sale', { variants: [variant('A', { salePrice: 1_001 })] }, ['0.salePrice']],
    ['with a sale without a price', { variants: [variant('A', { saleFrom: from })] }, ['0.salePrice']],
    [
      'with a sale that ends before it begins',
      { variants: [variant('A', { salePrice: 5, saleFrom: from, saleUntil: from })] },
      ['0.saleUntil'],
    ],
    ['with a picture that is not its own', { variants: [variant('A', { image: 'x.jpg' })] }, ['0.image']],
  ])('%s is refused', (_, change, expected) => {
    expect(fieldsOf(change)).toEqual(expected);
  });

  it('has prices that can be paid in its currency', () => {
    const odd = { variants: [variant('A', { price: 1_005, salePrice: 995 })] };
    expect(fieldsOf(odd, 'USD')).toEqual([]);
    expect(fieldsOf(odd, 'KWD')).toEqual(['0.price', '0.salePrice']);
  });

  it('keeps variants and pictures that it has; their stock is not a matter of the product', () => {
    const kept = (change: Partial<VariantDraft>) =>
      fieldsOf({ variants: [variant('A', { id: 'v1', ...change })] }, 'USD', before);
    expect(kept({ image: 'old.jpg' })).toEqual([]);
    expect(kept({ image: 'a.jpg' })).toEqual([]);
    expect(kept({ stock: 5 })).toEqual(['0.stock']);
    expect(fieldsOf({ variants: [variant('A', { image: 'old.jpg' })] }, 'USD', before)).toEqual(['0.image']);
    const twice = [variant('A', { id: 'v1' }), variant('B', { id: 'v1', options: { Size: 'M' } })];
    expect(fieldsOf({ variants: twice }, 'USD', before)).toEqual(['1.id']);
  });

  it('is refused with every field at fault, called as in the input', () => {
    const problems = problemsOf(draft({ variants: [variant('A', { salePrice: 2_000 })], publishAt: from }), {
      ...facts,
    });
    const refusal = (pathOf?: (place: number, field: string) => string): unknown => {
      try {
        refuseProblems(problems, pathOf);
      } catch (error) {
        return isDomainError(error, 'INVALID_INPUT') && Object.keys(error.details?.fields ?? {});
      }
      return undefined;
    };
    expect(refusal()).toEqual(['publishAt', 'variants.0.salePrice']);
    expect(refusal((_place, field) => field)).toEqual(['publishAt', 'salePrice']);
  });
});

describe('what is sent for a product', () => {
  const input = { title: 'Mug', slug: 'mug', variants: [{ sku: 'M', price: 100 }] };
  const parses = (change: object) => createProductInput.safeParse({ ...input, ...change }).success;
  const withVariant = (change: object) => parses({ variants: [{ sku: 'M', price: 100, ...change }] });

  it('is completed', () => {
    expect(createProductInput.parse(input)).toMatchObject({ status: 'draft', taxClass: 'standard', brandId: null });
    expect(parses({ title: 'Tasse à café ☕', description: 'Two\nlines' })).toBe(true);
  });

  it.each([
    { title: '\uD83D' },
    { title: 'a\u202Egpj' },
    { title: 'x'.repeat(10_000) },
    { title: 'two\nlines' },
    { title: ' ' },
    { description: 'x'.repeat(10_001) },
    { description: '\u0000' },
    { slug: 'Not A Slug' },
    { slug: '' },
    { taxClass: '' },
    { attributes: JSON.parse('{"constructor":"x"}') as object },
    { attributes: { Care: '\uDC00' } },
    { attributes: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`a${index}`, 'x'])) },
    { options: Array.from({ length: 4 }, (_, index) => ({ name: `o${index}`, values: ['x'] })) },
    { options: [{ name: 'Size', values: [] }] },
    { options: [{ name: 'prototype', values: ['x'] }] },
    { categoryIds: Array.from({ length: 11 }, String) },
    { variants: [] },
    { variants: Array.from({ length: 101 }, (_, index) => ({ sku: `S${index}`, price: 1 })) },
    { status: 'gone' },
    { publishAt: 'soon' },
    { images: ['x'] },
  ])('is refused with %j', (change) => {
    expect(parses(change)).toBe(false);
  });

  it.each([
    { price: -1 },
    { price: 0.5 },
    { price: 100_000_000_001 },
    { price: Number.MAX_SAFE_INTEGER + 1 },
    { price: Number.NaN },
    { price: '1' },
    { salePrice: -1 },
    { sku: '' },
    { sku: '-x' },
    { sku: '=cmd' },
    { sku: 'x'.repeat(65) },
    { stock: -1 },
    { stock: 1.5 },
    { stock: 1_000_001 },
    { id: 'v1' },
    { options: { Size: '\u202E' } },
  ])('is refused with a variant of %j', (change) => {
    expect(withVariant({})).toBe(true);
    expect(withVariant(change)).toBe(false);
    if (!('stock' in change) && !('id' in change)) {
      expect(updateVariantInput.safeParse({ variantId: 'v', ...change }).success).toBe(false);
    }
  });

  it('has no way to the prototype of attributes', () => {
    const sent = { ...input, attributes: JSON.parse('{"__proto__":"x"}') as object };
    const parsed = createProductInput.safeParse(sent);
    expect(parsed.success && Object.keys(parsed.data.attributes)).not.toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
