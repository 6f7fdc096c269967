import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { DemoBrand, DemoProduct } from './demo-data.ts';
import { createRandom, type Random } from './random.ts';

const wordsSchema = z.array(z.string().min(1)).min(1);
const generatorSchema = z.strictObject({
  types: z.array(
    z.strictObject({
      noun: z.string(),
      category: z.string(),
      motif: z.string(),
      price: z.tuple([z.int(), z.int()]),
      axes: z.string(),
    }),
  ),
  axes: z.record(z.string(), z.array(z.string())),
  options: z.record(z.string(), wordsSchema),
  adjectives: wordsSchema,
  series: wordsSchema,
  leads: wordsSchema,
  details: wordsSchema,
  closings: wordsSchema,
  attributes: z.record(z.string(), wordsSchema),
});

type Generator = z.infer<typeof generatorSchema>;
type ProductType = Generator['types'][number];

const TAX_CLASSES: Record<string, DemoProduct['taxClass']> = {
  pantry: 'reduced',
  plants: 'reduced',
  fiction: 'zero',
  'non-fiction': 'zero',
};
const SALE_DAYS = 30;
const OLDEST_DAYS = 700;

/** The words and product types that generated products are made of. */
export function readGenerator(): Generator {
  const text = readFileSync(new URL('../data/generator.json', import.meta.url), 'utf8');
  return generatorSchema.parse(JSON.parse(text));
}

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Prices that a shop would print: whole, or ending in 50 or 90. */
function plausiblePrice(random: Random, [low, high]: readonly [number, number]): number {
  const amount = low * (high / low) ** random.next();
  const whole = Math.max(1, Math.floor(amount / 100)) * 100;
  return whole + (whole < 5_000 ? random.pick([0, 50, 90]) : 0);
}

function combinations(axes: readonly { name: string; values: readonly string[] }[]): Record<string, string>[] {
  return axes.reduce<Record<string, string>[]>(
    (rows, { name, values }) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
}

/** Pictures are shared by all generated products of a motif. */
export const sharedPictureName = (product: DemoProduct): string => `made-${product.motif}`;

/**
 * Makes products beyond the written ones, for load tests: brands × product types × words. The product of an index is
 * always the same, so a larger catalog holds the smaller one.
 */
export function createProductGenerator(generator: Generator, brands: readonly DemoBrand[]) {
  function variantsOf(random: Random, type: ProductType, index: number, onSale: boolean) {
    const axes = (generator.axes[type.axes] ?? []).map((name) => {
      const values = generator.options[name] ?? [];
      const label = name.endsWith(' size') ? 'Size' : name;
      return { name: label, values: random.some(values, label === 'Size' ? 3 : random.between(2, 3)) };
    });
    const price = plausiblePrice(random, type.price);
    const variants = combinations(axes).map((options, position) => ({
      sku: `GEN-${String(index).padStart(6, '0')}-${position + 1}`,
      options,
      price,
      ...(onSale ? { salePrice: Math.max(1, Math.round((price * random.pick([70, 80, 85, 90])) / 100)) } : {}),
      stock: random.next() < 0.06 ? 0 : random.between(3, 400),
    }));
    return { axes, variants };
  }

  return (index: number): DemoProduct => {
    const random = createRandom(index * 7_919 + 17);
    const type = random.pick(generator.types);
    const brand = random.pick(brands);
    const series = random.pick(generator.series);
    const adjective = random.pick(generator.adjectives);
    const title = `${series} ${adjective} ${type.noun}`;
    const words: Record<string, string> = {
      noun: type.noun.toLowerCase(),
      adjective: adjective.toLowerCase(),
      series,
      brand: brand.name,
    };
    const filled = (sentence: string): string => sentence.replace(/\{(\w+)\}/g, (_, word: string) => words[word] ?? '');
    const description = [generator.leads, generator.details, generator.closings].map((list) =>
      filled(random.pick(list)),
    );
    const onSale = random.next() < 0.15;
    const { axes, variants } = variantsOf(random, type, index, onSale);
    return {
      slug: `${slugOf(title)}-${index}`,
      title,
      description: description.join(' '),
      brand: brand.slug,
      category: type.category,
      motif: type.motif,
      taxClass: TAX_CLASSES[type.category] ?? 'standard',
      listedDaysAgo: random.between(1, OLDEST_DAYS),
      attributes: Object.fromEntries(
        Object.entries(generator.attributes).map(([name, values]) => [name, random.pick(values)]),
      ),
      ...(axes.length > 0 ? { options: axes } : {}),
      ...(onSale ? { sale: { fromDays: -random.between(1, SALE_DAYS), untilDays: random.between(1, SALE_DAYS) } } : {}),
      variants: axes.length > 0 ? variants : variants.map(({ options: _, ...variant }) => variant),
    };
  };
}
