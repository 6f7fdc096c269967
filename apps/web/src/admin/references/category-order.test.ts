import { describe, expect, it } from 'vitest';
import { placesFor, reordered } from './category-order.ts';

const category = (id: string, parentId: string | null, position = 0) => ({ id, parentId, position });
const tree = [
  category('a', null),
  category('a1', 'a', 0),
  category('a2', 'a', 1),
  category('a21', 'a2'),
  category('b', null),
];

describe('the order of categories', () => {
  it('changes among siblings, with as few writes as are needed', () => {
    expect(reordered(tree, tree[2]!, -1)).toEqual([
      { id: 'a2', position: 0 },
      { id: 'a1', position: 1 },
    ]);
    // Both were at 0: only the one that goes down has to move.
    expect(reordered(tree, tree[0]!, 1)).toEqual([{ id: 'a', position: 1 }]);
    expect(reordered(tree, tree[1]!, -1)).toEqual([]);
    expect(reordered(tree, tree[4]!, 1)).toEqual([]);
  });

  it('puts none below itself', () => {
    expect(placesFor(tree, tree[0]!).map(({ id }) => id)).toEqual(['b']);
    expect(placesFor(tree, tree[2]!).map(({ id }) => id)).toEqual(['a', 'a1', 'b']);
  });
});
