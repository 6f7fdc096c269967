import { queryPath, resultOf, type Client } from './client.ts';

interface CategoryNode {
  readonly slug: string;
  readonly productCount: number;
  readonly children: readonly CategoryNode[];
}
interface Card {
  readonly slug: string;
  readonly title: string;
}
interface Product extends Card {
  readonly variants: readonly { readonly id: string; readonly available: number }[];
}

/** Some of the catalog, spread over its categories, as the shop's own API shows it. */
export interface CatalogSample {
  /** Products in the whole catalog. */
  readonly products: number;
  readonly categories: readonly string[];
  readonly slugs: readonly string[];
  /** Variants with stock to sell, those with most of it first. */
  readonly variantIds: readonly string[];
  /** Words of product titles. */
  readonly words: readonly string[];
}

const PAGE = 20;
const LEAST_STOCK = 10;

const flatten = (nodes: readonly CategoryNode[]): CategoryNode[] =>
  nodes.flatMap((node) => [node, ...flatten(node.children)]);

export async function sampleCatalog(client: Client): Promise<CatalogSample> {
  const read = async <T>(procedure: string, input: unknown): Promise<T> =>
    resultOf<T>(await client.call({ path: queryPath(procedure, input) }));
  const tree = await read<{ items: CategoryNode[] }>('catalog.categories.tree', undefined);
  const categories = flatten(tree.items).filter(({ productCount }) => productCount > 0);
  const cards = new Map<string, Card>();
  for (const { slug } of categories) {
    const { items } = await read<{ items: Card[] }>('catalog.products.list', {
      category: slug,
      sort: 'newest',
      limit: PAGE,
    });
    for (const card of items) cards.set(card.slug, card);
  }
  const stocked: { id: string; available: number }[] = [];
  for (const { slug } of cards.values()) {
    const { variants } = await read<Product>('catalog.products.bySlug', { slug });
    stocked.push(...variants.filter(({ available }) => available >= LEAST_STOCK));
  }
  stocked.sort((left, right) => right.available - left.available);
  const words = [...cards.values()].flatMap(({ title }) => title.toLowerCase().match(/[a-z]{3,}/g) ?? []);
  if (cards.size === 0 || stocked.length === 0) throw new Error('The catalog has nothing to sell');
  return {
    products: tree.items.reduce((sum, { productCount }) => sum + productCount, 0),
    categories: categories.filter(({ productCount }) => productCount >= 5).map(({ slug }) => slug),
    slugs: [...cards.keys()],
    variantIds: stocked.map(({ id }) => id),
    words: [...new Set(words)],
  };
}
