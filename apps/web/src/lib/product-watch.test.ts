import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProductWatch, currentCard, currentProduct } from './product-watch.ts';
import type { LiveProduct, ProductCard } from './product-watch.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });

const card = (id: string, change: Partial<ProductCard> = {}): ProductCard => ({
  id,
  slug: id,
  title: id,
  brand: null,
  image: null,
  price: usd(1_000),
  rating: { average: 0, count: 0 },
  available: true,
  variantCount: 1,
  ...change,
});

const change = (productId: string, version: number, available = 3) => ({
  productId,
  version,
  status: 'active' as const,
  price: usd(900),
  available: available > 0,
  variants: [{ id: `${productId}-v`, price: usd(900), available }],
});

describe('createProductWatch', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function setUp() {
    const watch = createProductWatch();
    const sets: (readonly string[])[] = [];
    watch.subscribe(() => {
      const followed = watch.followed();
      if (sets.at(-1) !== followed) sets.push(followed);
    });
    return { watch, sets };
  }

  it('follows all products of a page together, and again only when another comes', () => {
    const { watch, sets } = setUp();
    watch.look('b');
    const leave = watch.look('a');
    watch.look('a');
    vi.advanceTimersByTime(1_000);
    expect(sets).toEqual([['a', 'b']]);
    leave();
    watch.look('b');
    vi.advanceTimersByTime(1_000);
    expect(sets).toHaveLength(1);
    watch.look('c');
    vi.advanceTimersByTime(1_000);
    expect(sets).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]);
  });

  it('goes on following for a while what left the screen, then nothing', () => {
    const { watch, sets } = setUp();
    const leave = watch.look('a');
    vi.advanceTimersByTime(1_000);
    leave();
    leave();
    watch.changed(change('a', 1));
    vi.advanceTimersByTime(30_000);
    const again = watch.look('a');
    expect(watch.known('a')).toMatchObject({ version: 1 });
    again();
    vi.advanceTimersByTime(59_000);
    expect(watch.followed()).toEqual(['a']);
    vi.advanceTimersByTime(2_000);
    expect(sets).toEqual([['a'], []]);
    expect(watch.known('a')).toBeUndefined();
  });

  it('follows a bounded number: what is on screen first, then what left it last', () => {
    const { watch } = setUp();
    const ids = Array.from({ length: 150 }, (_, index) => `p${String(index).padStart(3, '0')}`);
    const leaves = ids.slice(0, 90).map((id) => watch.look(id));
    vi.advanceTimersByTime(1_000);
    for (const leave of leaves) leave();
    for (const id of ids.slice(90)) watch.look(id);
    vi.advanceTimersByTime(1_000);
    expect(watch.followed()).toEqual(ids.slice(50));
  });

  it('takes news in order, of products on screen only', () => {
    const { watch } = setUp();
    watch.look('a');
    watch.changed(change('a', 2));
    watch.changed(change('a', 1, 0));
    watch.changed(change('b', 1));
    expect(watch.known('a')).toMatchObject({ version: 2, available: true });
    expect(watch.known('b')).toBeUndefined();
  });

  it('lets what was read anew stand over older news, but not over newer', () => {
    const { watch } = setUp();
    for (const id of ['a', 'b', 'gone']) watch.look(id);
    watch.changed(change('a', 7));
    const take = watch.readAnew();
    watch.changed(change('b', 8));
    take(['a', 'b', 'gone'], [card('a', { price: usd(700) }), card('b', { price: usd(700) })]);
    expect(watch.known('a')).toMatchObject({ price: usd(700) });
    expect(watch.known('b')).toMatchObject({ price: usd(900), version: 8 });
    expect(watch.known('gone')).toMatchObject({ status: 'inactive', available: false });
    watch.changed(change('a', 3));
    expect(watch.known('a')).toMatchObject({ version: 3 });
  });
});

describe('what is shown of a product', () => {
  const live = (more: Partial<LiveProduct>): LiveProduct => ({
    status: 'active',
    price: usd(900),
    available: true,
    variants: [],
    ...more,
  });

  it('has the price and stock of now; a sale that ended leaves no trace', () => {
    expect(currentCard(card('a', { compareAt: usd(2_000) }), live({ available: false }))).toEqual(
      card('a', { price: usd(900), available: false }),
    );
    expect(currentCard(card('a'), live({ compareAt: usd(1_000) }))).toMatchObject({ compareAt: usd(1_000) });
  });

  it('keeps the last price of what is not sold any more', () => {
    const gone = live({ status: 'inactive', price: undefined, available: false });
    expect(currentCard(card('a'), gone)).toEqual(card('a', { available: false }));
  });

  it('has its variants as they are now', () => {
    const variant = { id: 'v', sku: 'V', options: { Size: 'M' }, price: usd(1_000), salePrice: usd(800), available: 4 };
    const product = {
      ...card('a'),
      description: '',
      categories: [],
      options: [],
      attributes: {},
      images: [],
      imageAlts: {},
      variants: [variant, { ...variant, id: 'w' }],
    };
    const changed = live({ variants: [{ id: 'v', price: usd(950), available: 1 }] });
    expect(currentProduct(product, changed).variants).toEqual([
      { id: 'v', sku: 'V', options: { Size: 'M' }, price: usd(950), available: 1 },
      { ...variant, id: 'w' },
    ]);
    const gone = currentProduct(product, live({ status: 'inactive' }));
    expect(gone.variants.map(({ available }) => available)).toEqual([0, 0]);
    expect(currentProduct(product, undefined)).toBe(product);
  });
});
