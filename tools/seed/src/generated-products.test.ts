import { describe, expect, it } from 'vitest';
import { readDemoData } from './demo-data.ts';
import { motifNames } from './drawing/motifs/index.ts';
import { createProductGenerator, readGenerator } from './generated-products.ts';

const data = readDemoData();
const generator = readGenerator();
const make = createProductGenerator(generator, data.brands);
const products = Array.from({ length: 2_000 }, (_, index) => make(index));

describe('the product generator', () => {
  it('makes the same product of the same index', () => {
    expect(make(1_234)).toEqual(products[1_234]);
  });

  it('makes products that differ, under categories and drawings that exist', () => {
    const categories = new Set(data.categories.map(({ slug }) => slug));
    const motifs = new Set(motifNames());
    expect(generator.types.filter(({ category, motif }) => !categories.has(category) || !motifs.has(motif))).toEqual(
      [],
    );
    expect(new Set(products.map(({ slug }) => slug)).size).toBe(products.length);
    expect(new Set(products.flatMap(({ variants }) => variants.map(({ sku }) => sku))).size).toBe(
      products.reduce((sum, { variants }) => sum + variants.length, 0),
    );
  });

  it('asks prices between the bounds of its type, sale prices below them', () => {
    for (const { variants } of products) {
      for (const { price, salePrice } of variants) {
        expect(price).toBeGreaterThanOrEqual(100);
        expect(salePrice ?? 0).toBeLessThan(price);
      }
    }
  });

  it('leaves no placeholder in a description', () => {
    expect(products.filter(({ description }) => /[{}]/.test(description))).toEqual([]);
  });
});
