import { aggregate, C, commands, day, find, group, update } from '../case.ts';

/** Products as the shop stores them, as far as its queries go. */
const PRODUCTS = [
  {
    _id: 'p1',
    slug: 'lamp',
    listed: true,
    deletedAt: null,
    price: 1900,
    unitsSold: 4,
    rating: { sum: 9, average: 4.5, count: 2 },
    brand: { id: 'b1', name: 'Nord' },
    categoryIds: ['c1', 'c2'],
    categories: [
      { id: 'c1', name: 'Light' },
      { id: 'c2', name: 'Home' },
    ],
    searchTerms: ['lamp', 'nord', 'light'],
    images: [{ url: 'a' }, { url: 'b' }],
    available: true,
    variants: [
      { id: 'v1', sku: 'L-1', available: 3, stockVersion: 2 },
      { id: 'v2', sku: 'L-2', available: 0, stockVersion: 5 },
    ],
    repriceAt: day('2026-02-01'),
    createdAt: day('2026-01-03'),
    version: 1,
  },
  {
    _id: 'p2',
    slug: 'chair',
    listed: true,
    deletedAt: null,
    price: 9900,
    unitsSold: 9,
    rating: { sum: 0, average: 0, count: 0 },
    brand: { id: 'b2', name: 'Sitz' },
    categoryIds: ['c2'],
    categories: [{ id: 'c2', name: 'Home' }],
    searchTerms: ['chair', 'sitz', 'home'],
    images: [],
    available: true,
    variants: [{ id: 'v3', sku: 'C-1', available: 1, stockVersion: 1 }],
    createdAt: day('2026-01-02'),
    version: 3,
  },
  {
    _id: 'p3',
    slug: 'rug',
    listed: false,
    deletedAt: day('2026-01-09'),
    price: 500,
    unitsSold: 0,
    rating: { sum: 3, average: 3, count: 1 },
    brand: { id: 'b1', name: 'Nord' },
    categoryIds: [],
    categories: [],
    searchTerms: ['rug'],
    images: [{ url: 'r' }],
    available: false,
    variants: [{ id: 'v4', sku: 'R-1', available: 0, stockVersion: 1 }],
    createdAt: day('2026-01-01'),
    version: 2,
  },
];

const slim = { _id: 1, price: 1 };
const isMeant = { $and: [{ $eq: ['$$variant.id', 'v1'] }, { $lt: ['$$variant.stockVersion', 7] }] };
const variants = {
  $map: {
    input: '$variants',
    as: 'variant',
    in: { $cond: [isMeant, { $mergeObjects: ['$$variant', { available: 0, stockVersion: 7 }] }, '$$variant'] },
  },
};
/** The average of two decimals, half up, computed by the database. */
const ratingMoved = (sum: number, count: number) => [
  { $set: { 'rating.sum': { $add: ['$rating.sum', sum] }, 'rating.count': { $add: ['$rating.count', count] } } },
  {
    $set: {
      'rating.average': {
        $cond: [
          { $gt: ['$rating.count', 0] },
          {
            $divide: [
              { $floor: { $add: [{ $divide: [{ $multiply: ['$rating.sum', 100] }, '$rating.count'] }, 0.5] } },
              100,
            ],
          },
          0,
        ],
      },
    },
  },
];
const RATED = ratingMoved(4, 1);
const UNRATED = ratingMoved(-5, -1);

export const shopCatalog = group('shop catalog', [
  find('a page by price', PRODUCTS, { listed: true }, { sort: { price: 1, _id: 1 }, limit: 2, projection: slim }),
  find('a page backwards', PRODUCTS, { listed: true }, { sort: { price: -1, _id: -1 }, limit: 1, projection: slim }),
  find(
    'the page after a cursor',
    PRODUCTS,
    { listed: true, $or: [{ price: { $gt: 1900 } }, { price: 1900, _id: { $gt: 'p1' } }] },
    { sort: { price: 1, _id: 1 }, projection: slim },
  ),
  find('of a category', PRODUCTS, { listed: true, categoryIds: 'c2' }, { projection: slim }),
  find('of several categories', PRODUCTS, { categoryIds: { $in: ['c1', 'c9'] } }, { projection: slim }),
  find('of a brand in a range of prices', PRODUCTS, { 'brand.id': 'b1', price: { $gte: 500, $lte: 1900 } }),
  find(
    'all words of a search',
    PRODUCTS,
    { listed: true, searchTerms: { $all: ['lamp', 'nord'] } },
    { projection: slim },
  ),
  find('words by their beginnings', PRODUCTS, { searchTerms: { $all: [/^la/, /^no/] } }, { projection: slim }),
  find('only the first image', PRODUCTS, {}, { projection: { images: { $slice: 1 } } }),
  find('a variant not newer', PRODUCTS, { variants: { $elemMatch: { id: 'v1', stockVersion: { $lt: 3 } } } }),
  find('a variant not newer, of another', PRODUCTS, {
    variants: { $elemMatch: { id: 'v2', stockVersion: { $lt: 3 } } },
  }),
  find('due for another price', PRODUCTS, { repriceAt: { $lte: day('2026-03-01') } }, { projection: { _id: 1 } }),
  find('not deleted', PRODUCTS, { deletedAt: null }, { projection: { _id: 1 } }),
  find('not deleted, by a date that is there', PRODUCTS, { deletedAt: { $ne: null } }, { projection: { _id: 1 } }),
  commands('counts what is listed', PRODUCTS, [
    { count: C, query: { listed: true, available: true } },
    { count: C, query: { categoryIds: { $in: ['c1'] } }, limit: 1 },
    { aggregate: C, pipeline: [{ $match: { listed: true } }, { $group: { _id: 1, n: { $sum: 1 } } }], cursor: {} },
  ]),
  update(
    'renames a category in all products',
    PRODUCTS,
    { categoryIds: 'c2' },
    { $set: { 'categories.$[category].name': 'Living' }, $addToSet: { searchTerms: { $each: ['living', 'home'] } } },
    { multi: true, arrayFilters: [{ 'category.id': 'c2' }] },
  ),
  update(
    'takes the stock of a variant over',
    PRODUCTS,
    { variants: { $elemMatch: { id: 'v1', stockVersion: { $lt: 7 } } } },
    [{ $set: { variants } }, { $set: { available: { $gt: [{ $max: '$variants.available' }, 0] } } }],
  ),
  update('counts what was sold', PRODUCTS, { _id: 'p2' }, { $inc: { unitsSold: 3, version: 1 } }),
  update('adds a rating', PRODUCTS, { _id: 'p1' }, RATED),
  update(
    'takes the last rating away',
    [{ _id: 'p1', rating: { sum: 5, count: 1, average: 5 } }],
    { _id: 'p1' },
    UNRATED,
  ),
  update(
    'derives and drops fields',
    PRODUCTS,
    { _id: 'p1', version: 1 },
    {
      $set: { price: 1700, compareAt: 1900 },
      $unset: { repriceAt: 1 },
      $inc: { version: 1 },
    },
  ),
  commands(
    'imports products again',
    PRODUCTS,
    [
      {
        update: C,
        updates: [
          { q: { _id: 'p1' }, u: { _id: 'p1', slug: 'lamp', version: 9 }, upsert: true },
          { q: { _id: 'p9' }, u: { _id: 'p9', slug: 'new' }, upsert: true },
          { q: { _id: 'p2' }, u: { slug: 'chair' }, upsert: true },
        ],
        ordered: false,
      },
    ],
    { then: 'documents' },
  ),
  commands(
    'keeps slugs of live products apart',
    PRODUCTS,
    [
      {
        createIndexes: C,
        indexes: [{ key: { slug: 1 }, name: 'slug_1', unique: true, partialFilterExpression: { deletedAt: null } }],
      },
      { insert: C, documents: [{ _id: 'p4', slug: 'lamp', deletedAt: null }] },
      { insert: C, documents: [{ _id: 'p5', slug: 'rug', deletedAt: null }] },
      { insert: C, documents: [{ _id: 'p6', slug: 'lamp', deletedAt: day('2026-01-01') }] },
      { insert: C, documents: [{ _id: 'p7', slug: 'lamp' }] },
      { update: C, updates: [{ q: { _id: 'p6' }, u: { $set: { deletedAt: null } } }] },
    ],
    { then: 'documents' },
  ),
  commands(
    'keeps the numbers of variants apart, also within products',
    PRODUCTS,
    [
      {
        createIndexes: C,
        indexes: [
          { key: { 'variants.sku': 1 }, name: 'sku', unique: true, partialFilterExpression: { deletedAt: null } },
        ],
      },
      { insert: C, documents: [{ _id: 'p4', deletedAt: null, variants: [{ sku: 'X-1' }, { sku: 'X-1' }] }] },
      { insert: C, documents: [{ _id: 'p5', deletedAt: null, variants: [{ sku: 'X-2' }, { sku: 'C-1' }] }] },
      { insert: C, documents: [{ _id: 'p6', deletedAt: null, variants: [{ sku: 'R-1' }] }] },
      { insert: C, documents: [{ _id: 'p7', deletedAt: null }] },
      { insert: C, documents: [{ _id: 'p8', deletedAt: null, variants: [] }] },
      { insert: C, documents: [{ _id: 'p9', deletedAt: null, variants: [{}] }] },
    ],
    { then: 'documents' },
  ),
  aggregate('products of each category', PRODUCTS, [
    { $match: { listed: true } },
    { $unwind: '$categoryIds' },
    { $group: { _id: '$categoryIds', products: { $sum: 1 } } },
    { $sort: { _id: 1 } },
  ]),
  aggregate('figures for the choice of filters', PRODUCTS, [
    { $match: { listed: true } },
    {
      $facet: {
        brands: [{ $sortByCount: '$brand.name' }, { $sort: { _id: 1 } }],
        prices: [{ $group: { _id: null, low: { $min: '$price' }, high: { $max: '$price' } } }],
        bands: [{ $bucket: { groupBy: '$price', boundaries: [0, 5000, 10000], default: 'more' } }],
      },
    },
  ]),
]);
