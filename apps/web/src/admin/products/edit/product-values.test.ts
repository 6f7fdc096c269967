import { describe, expect, it } from 'vitest';
import {
  combinationsOf,
  EMPTY_PRODUCT,
  newVariant,
  otherErrors,
  skuErrors,
  toCreateInput,
  toFormErrors,
  toUpdateInput,
  toValues,
  validateProduct,
  type ProductDetail,
  type ProductValues,
} from './product-values.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const at = new Date(2026, 5, 1, 9, 5);
const product: ProductDetail = {
  ...{ id: 'p', slug: 'mug', title: 'Mug', status: 'active', listed: true, deletedAt: null, image: null },
  ...{ price: usd(1_999), available: 3, variantCount: 1, updatedAt: at, description: 'Clay', taxClass: 'standard' },
  brand: { id: 'b', name: 'Nord', slug: 'nord' },
  categories: [{ id: 'c', name: 'Home', slug: 'home' }],
  options: [{ name: 'Size', values: ['S', 'M'] }],
  attributes: { Material: 'Clay' },
  images: ['a.jpg'],
  imageAlts: {},
  variants: [
    {
      ...{ id: 'v', sku: 'M-S', options: { Size: 'S' }, price: usd(1_999), salePrice: usd(999), saleUntil: at },
      ...{ available: 3, image: 'a.jpg' },
    },
  ],
  removedVariants: [],
  version: 4,
};

const filled: ProductValues = {
  ...EMPTY_PRODUCT,
  ...{
    title: ' Tea cup ',
    slug: 'tea-cup',
    options: [{ name: ' Size ', values: ['S'] }],
    publishAt: '2026-06-01T09:05',
  },
  variants: [{ ...newVariant('k', ['S']), sku: ' T-S ', price: '12.3', stock: 5 }],
};

describe('the form for a product', () => {
  it('sends a product back as it came', () => {
    expect(toUpdateInput(toValues(product), product, 'USD')).toEqual({
      ...{ id: 'p', expectedVersion: 4, title: 'Mug', slug: 'mug', description: 'Clay', taxClass: 'standard' },
      ...{ brandId: 'b', categoryIds: ['c'], attributes: { Material: 'Clay' }, status: 'active' },
      options: [{ name: 'Size', values: ['S', 'M'] }],
      variants: [
        { id: 'v', sku: 'M-S', options: { Size: 'S' }, price: 1_999, salePrice: 999, saleUntil: at, image: 'a.jpg' },
      ],
    });
  });

  it('sends a new one trimmed, in minor units; drafts have no time to be published at', () => {
    expect(toCreateInput(filled, 'USD')).toMatchObject({
      title: 'Tea cup',
      options: [{ name: 'Size', values: ['S'] }],
      variants: [{ sku: 'T-S', options: { Size: 'S' }, price: 1_230, stock: 5 }],
    });
    expect(toCreateInput(filled, 'USD').publishAt).toBeUndefined();
    expect(toCreateInput({ ...filled, status: 'active' }, 'USD').publishAt).toEqual(at);
  });

  it('says what is missing', () => {
    expect(validateProduct(toValues(product), 'USD')).toEqual({});
    const wrong = {
      ...EMPTY_PRODUCT,
      options: [{ name: '', values: [] }],
      attributes: [
        { name: 'A', value: '' },
        { name: 'A ', value: 'x' },
      ],
    };
    expect(Object.keys(validateProduct(wrong, 'USD'))).toEqual([
      ...['title', 'slug', 'options.0.name', 'options.0.values', 'attributes.0.value', 'attributes.1.name'],
      ...['variants.0.sku', 'variants.0.price'],
    ]);
  });

  it('puts what the shop refuses to the fields', () => {
    const errors = toFormErrors(
      { 'variants.0.price': ['In steps of 10'], 'attributes.Material': ['Too long'], variants: ['Too many'] },
      toValues(product),
    );
    expect(errors).toEqual({
      'variants.0.price': 'In steps of 10',
      'attributes.0.value': 'Too long',
      variants: 'Too many',
    });
    expect(otherErrors(errors)).toEqual(['Too many']);
  });

  it('shows which SKU another product has', () => {
    const [first] = toValues(product).variants;
    expect(skuErrors(first?.sku, toValues(product))).toEqual({ 'variants.0.sku': 'Another product has this SKU' });
    expect(skuErrors(undefined, toValues(product))).toEqual({});
  });

  it('makes all combinations of options', () => {
    expect(combinationsOf([])).toEqual([[]]);
    const options = [
      { name: 'Size', values: ['S', 'M'] },
      { name: 'Hue', values: ['Red', 'Blue'] },
    ];
    expect(combinationsOf(options)).toEqual([
      ['S', 'Red'],
      ['S', 'Blue'],
      ['M', 'Red'],
      ['M', 'Blue'],
    ]);
  });
});
