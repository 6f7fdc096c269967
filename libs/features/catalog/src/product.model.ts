import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** Only active products are ever shown. */
export type ProductStatus = 'draft' | 'active' | 'archived';

/** A variant inside its product. Prices in minor units; `available` is a copy of the inventory's truth, in pieces. */
export interface VariantDoc {
  id: string;
  sku: string;
  options: { name: string; value: string }[];
  price: number;
  salePrice?: number;
  saleFrom?: Date;
  saleUntil?: Date;
  image?: string;
  available: number;
  /** Version of the stock level that `available` was taken from: older news is dropped. */
  stockVersion: number;
}

/** A variant that was taken out of its product, and can come back. */
export interface RemovedVariantDoc extends VariantDoc {
  removedAt: Date;
}

export interface ReferenceDoc {
  id: string;
  name: string;
  slug: string;
}

/** One document holds all that lists and the product page show, so that each is a single indexed read. */
export interface ProductDoc {
  _id: string;
  slug: string;
  title: string;
  description: string;
  status: ProductStatus;
  /** When an active one is to be shown; absent once it is. */
  publishAt?: Date;
  /** Active, published and not deleted: what the storefront may see. */
  listed: boolean;
  brand: ReferenceDoc | null;
  categories: ReferenceDoc[];
  /** Ids of its categories and all their ancestors. */
  categoryIds: string[];
  taxClass: string;
  attributes: { name: string; value: string }[];
  options: { name: string; values: string[] }[];
  images: string[];
  /** What pictures show, for those who don't see them; of some of `images`. */
  imageAlts?: { image: string; alt: string }[];
  variants: VariantDoc[];
  /** The last ones that were taken out, the latest first. */
  removedVariants?: RemovedVariantDoc[];
  currency: string;
  /** Lowest effective unit price of the variants, as of `pricedAt`. */
  priceFrom: number;
  compareAtFrom?: number;
  /** When a sale begins or ends next, and `priceFrom` must be computed anew. */
  repriceAt?: Date;
  available: boolean;
  rating: { sum: number; count: number; average: number };
  /** In the last 30 days; see `createBestSellers`. */
  unitsSold: number;
  searchTerms: string[];
  version: number;
  /** Counts up when somebody edits it, so that of two who do it at once one is told; stock and ratings leave it alone. */
  revision?: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

export type ProductModel = Model<ProductDoc>;

const reference = { _id: false, id: String, name: String, slug: String };

const variantPaths = {
  id: { type: String, required: true },
  sku: { type: String, required: true },
  options: [{ _id: false, name: String, value: String }],
  price: { type: Number, required: true },
  salePrice: Number,
  saleFrom: Date,
  saleUntil: Date,
  image: String,
  available: { type: Number, required: true, default: 0 },
  stockVersion: { type: Number, required: true, default: 0 },
};
const variantSchema = new Schema<VariantDoc>(variantPaths, { _id: false, id: false });
const removedVariantSchema = new Schema<RemovedVariantDoc>(
  { ...variantPaths, removedAt: { type: Date, required: true } },
  { _id: false, id: false },
);

const productSchema = new Schema<ProductDoc>(
  {
    _id: { type: String, required: true },
    slug: { type: String, required: true },
    title: { type: String, required: true },
    description: { type: String, default: '' },
    status: { type: String, required: true },
    publishAt: Date,
    listed: { type: Boolean, required: true },
    brand: { type: reference, default: null },
    categories: [reference],
    categoryIds: [String],
    taxClass: { type: String, required: true },
    attributes: [{ _id: false, name: String, value: String }],
    options: [{ _id: false, name: String, values: [String] }],
    images: [String],
    imageAlts: { type: [{ _id: false, image: String, alt: String }], default: undefined },
    variants: [variantSchema],
    removedVariants: { type: [removedVariantSchema], default: undefined },
    currency: { type: String, required: true },
    priceFrom: { type: Number, required: true },
    compareAtFrom: Number,
    repriceAt: Date,
    available: { type: Boolean, required: true },
    rating: { _id: false, sum: Number, count: Number, average: Number },
    unitsSold: { type: Number, required: true, default: 0 },
    searchTerms: [String],
    version: { type: Number, required: true, default: 0 },
    revision: Number,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    deletedAt: { type: Date, default: null },
  },
  { ...schemaOptions, collection: 'products' },
);

// A deleted product's slug and SKUs may be used again: uniqueness holds among the living.
productSchema.index({ slug: 1 }, { unique: true, partialFilterExpression: { deletedAt: null } });
productSchema.index({ 'variants.sku': 1 }, { unique: true, partialFilterExpression: { deletedAt: null } });
productSchema.index({ 'variants.id': 1 });
productSchema.index({ 'removedVariants.id': 1 }, { sparse: true });
productSchema.index({ taxClass: 1 });
productSchema.index({ repriceAt: 1 }, { sparse: true });
productSchema.index({ publishAt: 1 }, { sparse: true });
productSchema.index({ listed: 1, searchTerms: 1 });

// One index per sort, alone and with a category or a brand in front: every such list is one ordered index scan.
const sorts = [
  { createdAt: -1, _id: -1 },
  { priceFrom: 1, _id: 1 },
  { 'rating.average': -1, _id: -1 },
  { unitsSold: -1, _id: -1 },
] as const;
for (const sort of sorts) {
  productSchema.index({ listed: 1, ...sort });
  productSchema.index({ listed: 1, categoryIds: 1, ...sort });
  productSchema.index({ listed: 1, 'brand.id': 1, ...sort });
}

/** Binds the products collection to a connection. */
export const createProductModel = (connection: Connection): ProductModel =>
  connection.model<ProductDoc>('Product', productSchema);
