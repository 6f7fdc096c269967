interface Node {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly children: readonly Node[];
}

/** The way from the root of the tree to a category, itself included; empty when it isn't in the tree. */
export function categoryPath(tree: readonly Node[], slug: string): Node[] {
  for (const node of tree) {
    if (node.slug === slug) return [node];
    const below = categoryPath(node.children, slug);
    if (below.length > 0) return [node, ...below];
  }
  return [];
}

/** The longest of the ways to several categories: where a product is most at home. */
export function deepestPath(tree: readonly Node[], slugs: readonly string[]): Node[] {
  return slugs
    .map((slug) => categoryPath(tree, slug))
    .reduce((best, path) => (path.length > best.length ? path : best), []);
}
