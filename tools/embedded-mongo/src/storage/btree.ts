import { createRequire } from 'node:module';

// The package is CommonJS with its class as `default`, which loaders map to ES modules in different ways.
const { default: SortedTree } = createRequire(import.meta.url)('sorted-btree') as typeof import('sorted-btree');

/** An ordered map whose `clone()` costs O(1): nodes are shared until one side writes to them. */
export type Tree<K, V> = InstanceType<typeof SortedTree<K, V>>;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compareNumbers = (a: number, b: number): number => a - b;

/** A tree ordered by code units, which is byte order for the encoded keys of indexes. */
export function createTextTree<V>(): Tree<string, V> {
  return new SortedTree<string, V>(undefined, compareText, 64);
}

/** A tree ordered by number. */
export function createNumberTree<V>(): Tree<number, V> {
  return new SortedTree<number, V>(undefined, compareNumbers, 64);
}
