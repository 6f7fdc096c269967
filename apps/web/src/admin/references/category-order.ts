/** What is needed of a category to put it elsewhere. */
interface Placed {
  readonly id: string;
  readonly parentId: string | null;
}

/** Those of one level, as they are shown. */
export const siblingsOf = <Category extends Placed>(
  categories: readonly Category[],
  { parentId }: Placed,
): Category[] => categories.filter((other) => other.parentId === parentId);

/** The ids of a category's level once it goes one place up (-1) or down (1) in it; undefined when it is at the end. */
export function reordered(categories: readonly Placed[], category: Placed, step: -1 | 1): string[] | undefined {
  const siblings = siblingsOf(categories, category);
  const from = siblings.findIndex(({ id }) => id === category.id);
  const other = siblings[from + step];
  if (from < 0 || !other) return undefined;
  return siblings
    .with(from, other)
    .with(from + step, category)
    .map(({ id }) => id);
}

/** Where a category can be put: not below itself. `categories` stand each after its parent. */
export function placesFor<Category extends Placed>(categories: readonly Category[], moved: Placed): Category[] {
  const below = new Set([moved.id]);
  return categories.filter(({ id, parentId }) => {
    if (parentId !== null && below.has(parentId)) below.add(id);
    return !below.has(id);
  });
}
