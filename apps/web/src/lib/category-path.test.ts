import { describe, expect, it } from 'vitest';
import { categoryPath, deepestPath } from './category-path.ts';

const node = (slug: string, ...children: ReturnType<typeof leaf>[]) => ({ id: slug, name: slug, slug, children });
const leaf = (slug: string) => ({ id: slug, name: slug, slug, children: [] as never[] });
const tree = [node('home', leaf('chairs'), leaf('lamps')), node('garden')];

describe('categoryPath', () => {
  it('leads from the root to the category', () => {
    expect(categoryPath(tree, 'lamps').map(({ slug }) => slug)).toEqual(['home', 'lamps']);
    expect(categoryPath(tree, 'garden').map(({ slug }) => slug)).toEqual(['garden']);
    expect(categoryPath(tree, 'gone')).toEqual([]);
  });

  it('takes the deepest of several', () => {
    expect(deepestPath(tree, ['garden', 'chairs', 'gone']).map(({ slug }) => slug)).toEqual(['home', 'chairs']);
    expect(deepestPath(tree, [])).toEqual([]);
  });
});
