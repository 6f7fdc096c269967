import { expect, it } from 'vitest';
import { pictureVariants } from './picture-variants.ts';

it('knows the narrower ones of an uploaded picture by its address', () => {
  const at = (width: number) => ({ url: `https://cdn.test/public/pictures/p1/${width}.webp`, width });
  expect(pictureVariants(at(1_600).url)).toEqual([160, 480, 960, 1_600].map(at));
  expect(pictureVariants(at(700).url)).toEqual([160, 480, 700].map(at));
  expect(pictureVariants(at(90).url)).toEqual([at(90)]);
});

it('leaves other pictures as they are', () => {
  const others = ['/media/lamp.svg', 'https://cdn.test/pictures/1/960.png', 'https://cdn.test/960.webp', ''];
  for (const url of others) expect(pictureVariants(url)).toEqual([{ url }]);
});
