import { describe, expect, it } from 'vitest';
import { placesFor, reordered } from './category-order.ts';

const category = (id: string, parentId: string | null) => ({ id, parentId });
const tree = [
  category('a', null),
  category('a1', 'a'),
  category('a2', 'a'),
  category('a21', 'a2'),
  category('b', null),
];

describe('the order of categories', () => {
  it('changes among siblings', () => {
    expect(reordered(tree, tree[2]!, -1)).toEqual(['a2', 'a1']);
    expect(reordered(tree, tree[0]!, 1)).toEqual(['b', 'a']);
    expect(reordered(tree, tree[1]!, -1)).toBeUndefined();
    expect(reordered(tree, tree[4]!, 1)).toBeUndefined();
  });

  it('puts none below itself', () => {
    expect(placesFor(tree, tree[0]!).map(({ id }) => id)).toEqual(['b']);
    expect(placesFor(tree, tree[2]!).map(({ id }) => id)).toEqual(['a', 'a1', 'b']);
  });
});
