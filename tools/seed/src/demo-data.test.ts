import { describe, expect, it } from 'vitest';
import { readDemoData } from './demo-data.ts';
import { colourNames, namedColour } from './drawing/colours.ts';
import { drawPicture } from './drawing/draw.ts';
import { motifNames } from './drawing/motifs/index.ts';
import { malformedXml } from './drawing/well-formed.ts';

const data = readDemoData();
const duplicates = (values: readonly string[]): string[] => values.filter((value, i) => values.indexOf(value) !== i);
const slugs = new Set(data.products.map(({ slug }) => slug));
const skus = new Map(
  data.products.flatMap((product) => product.variants.map((variant) => [variant.sku, product] as const)),
);
const emails = new Set(data.customers.map(({ email }) => email));

describe('the demo catalog', () => {
  it('is as large as promised', () => {
    expect(data.products.length).toBeGreaterThanOrEqual(300);
    expect(data.categories).toHaveLength(40);
    expect(data.brands).toHaveLength(25);
    expect(data.customers).toHaveLength(50);
    expect(data.orders).toHaveLength(200);
    expect(data.reviews.length).toBeGreaterThanOrEqual(900);
    expect(data.products.filter(({ variants }) => variants.length > 1).length).toBeGreaterThan(200);
  });

  it('names nothing twice', () => {
    expect(duplicates(data.categories.map(({ slug }) => slug))).toEqual([]);
    expect(duplicates(data.brands.map(({ slug }) => slug))).toEqual([]);
    expect(duplicates(data.products.map(({ slug }) => slug))).toEqual([]);
    expect(duplicates(data.products.map(({ title }) => title))).toEqual([]);
    expect(duplicates(data.products.map(({ description }) => description))).toEqual([]);
    expect(duplicates(data.products.flatMap(({ variants }) => variants.map(({ sku }) => sku)))).toEqual([]);
    expect(duplicates(data.customers.map(({ email }) => email))).toEqual([]);
    expect(duplicates(data.customers.map(({ name }) => name))).toEqual([]);
    expect(duplicates(data.reviews.flatMap(({ text }) => text ?? []))).toEqual([]);
    expect(duplicates(data.coupons.map(({ code }) => code))).toEqual([]);
  });

  it('has a category tree of three levels whose parents come first', () => {
    const depth = new Map<string, number>();
    for (const { slug, parent } of data.categories) {
      if (parent !== undefined) expect(depth.has(parent), `${slug} stands before ${parent}`).toBe(true);
      depth.set(slug, parent === undefined ? 1 : (depth.get(parent) ?? 0) + 1);
    }
    expect(Math.max(...depth.values())).toBe(3);
  });

  it('uses every category and brand, and only known ones', () => {
    const categories = new Map(data.categories.map((category) => [category.slug, category]));
    const used = new Set<string>();
    for (const { category } of data.products) {
      for (
        let at = categories.get(category);
        at;
        at = at.parent === undefined ? undefined : categories.get(at.parent)
      ) {
        used.add(at.slug);
      }
    }
    expect(used.size).toBe(data.categories.length);
    expect(new Set(data.products.map(({ brand }) => brand))).toEqual(new Set(data.brands.map(({ slug }) => slug)));
  });

  it('gives every variant exactly the options its product offers, and a sale price below the price', () => {
    for (const product of data.products) {
      const names = (product.options ?? []).map(({ name }) => name);
      expect(duplicates(product.variants.map(({ options }) => JSON.stringify(options))), product.slug).toEqual([]);
      for (const variant of product.variants) {
        expect(Object.keys(variant.options ?? {}), variant.sku).toEqual(names);
        for (const { name, values } of product.options ?? []) expect(values).toContain(variant.options?.[name]);
        if (variant.salePrice !== undefined) expect(variant.salePrice, variant.sku).toBeLessThan(variant.price);
        expect(variant.salePrice === undefined, variant.sku).toBe(product.sale === undefined);
      }
    }
  });

  it('sells out and runs low here and there', () => {
    const stock = data.products.flatMap(({ variants }) => variants.map((variant) => variant.stock));
    expect(stock.filter((pieces) => pieces === 0).length).toBeGreaterThan(10);
    expect(stock.filter((pieces) => pieces > 0 && pieces < 5).length).toBeGreaterThan(10);
    expect(data.products.some(({ variants }) => variants.every(({ stock: pieces }) => pieces === 0))).toBe(true);
  });
});

describe('customers, reviews and orders', () => {
  it('let a customer review a product once, and only after it was listed', () => {
    expect(duplicates(data.reviews.map(({ product, author }) => `${product} ${author}`))).toEqual([]);
    const listed = new Map(data.products.map(({ slug, listedDaysAgo }) => [slug, listedDaysAgo]));
    for (const review of data.reviews) {
      expect(slugs.has(review.product), review.product).toBe(true);
      expect(emails.has(review.author), review.author).toBe(true);
      expect(review.daysAgo).toBeLessThan(listed.get(review.product) ?? 0);
    }
  });

  it('are spread as ratings are: mostly good, some not', () => {
    const share = (rating: number): number =>
      data.reviews.filter((review) => review.rating === rating).length / data.reviews.length;
    expect(share(5)).toBeGreaterThan(0.4);
    expect(share(1) + share(2)).toBeGreaterThan(0.05);
    expect(share(1) + share(2)).toBeLessThan(0.2);
  });

  it('mark a review as verified where a delivered order of its author holds the product', () => {
    const delivered = new Set(
      data.orders
        .filter(({ state }) => state === 'delivered')
        .flatMap(({ customer, lines }) => lines.map(({ sku }) => `${skus.get(sku)?.slug ?? ''} ${customer}`)),
    );
    for (const { product, author, verified } of data.reviews) {
      if (verified) expect(delivered.has(`${product} ${author}`), `${product} ${author}`).toBe(true);
    }
  });

  it('order what exists, over three months', () => {
    const codes = new Set(data.coupons.map(({ code }) => code));
    for (const order of data.orders) {
      expect(emails.has(order.customer)).toBe(true);
      for (const { sku } of order.lines) expect(skus.has(sku), sku).toBe(true);
      if (order.coupon !== undefined) expect(codes.has(order.coupon)).toBe(true);
    }
    expect(Math.max(...data.orders.map(({ placedDaysAgo }) => placedDaysAgo))).toBeGreaterThan(80);
    expect(Math.max(...data.orders.map(({ placedDaysAgo }) => placedDaysAgo))).toBeLessThan(92);
    expect(data.orders.some(({ customer }) => customer === 'customer@cartwright.test')).toBe(true);
  });
});

describe('the drawings', () => {
  it('exist for every product, in colours that have a name', () => {
    const known = new Set(motifNames());
    expect(known.size).toBeGreaterThanOrEqual(30);
    for (const { motif, slug, options, palette } of data.products) {
      expect(known.has(motif), `${slug}: ${motif}`).toBe(true);
      const colours = (options ?? [])
        .filter(({ name }) => ['Colour', 'Wood', 'Finish'].includes(name))
        .flatMap(({ values }) => values);
      for (const colour of [...colours, ...(palette === undefined ? [] : [palette])]) {
        expect(namedColour(colour), `${slug}: ${colour}`).toBeDefined();
      }
    }
  });

  it('are small, well-formed and hold nothing but shapes', () => {
    const shapes = new Set(['svg', 'g', 'rect', 'circle', 'ellipse', 'path']);
    for (const motif of motifNames()) {
      const svg = drawPicture({ motif, seed: motif });
      expect(svg.length, motif).toBeLessThan(4_096);
      expect(malformedXml(svg), motif).toBeUndefined();
      for (const [, name] of svg.matchAll(/<([a-z]+)/g))
        expect(shapes.has(name ?? ''), `${motif}: <${name}>`).toBe(true);
      expect(svg).not.toMatch(/href|url\(|NaN|undefined|\son[a-z]+=/);
    }
  });

  it('are the same for the same seed and change with the colour', () => {
    expect(drawPicture({ motif: 'mug', seed: 'a' })).toBe(drawPicture({ motif: 'mug', seed: 'a' }));
    const coloured = colourNames().map((colour) => drawPicture({ motif: 'mug', colour, seed: 'a' }));
    expect(new Set(coloured).size).toBeGreaterThan(20);
    expect(() => drawPicture({ motif: 'spaceship', seed: 'a' })).toThrow('spaceship');
  });
});
