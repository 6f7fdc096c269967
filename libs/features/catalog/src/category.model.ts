import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

export interface CategoryDoc {
  _id: string;
  slug: string;
  name: string;
  parentId: string | null;
  /** Ids from the root down to this category itself. */
  path: string[];
  position: number;
  /** Counts up when something is put below it, so that a removal in the same moment fails. */
  holds?: number;
  deletedAt: Date | null;
}

export interface BrandDoc {
  _id: string;
  slug: string;
  name: string;
  /** Counts up when a product is given it, so that a removal in the same moment fails. */
  holds?: number;
  deletedAt: Date | null;
}

export type CategoryModel = Model<CategoryDoc>;
export type BrandModel = Model<BrandDoc>;

const live = { unique: true, partialFilterExpression: { deletedAt: null } };

const categorySchema = new Schema<CategoryDoc>(
  {
    _id: { type: String, required: true },
    slug: { type: String, required: true },
    name: { type: String, required: true },
    parentId: { type: String, default: null },
    path: [String],
    position: { type: Number, required: true },
    holds: Number,
    deletedAt: { type: Date, default: null },
  },
  { ...schemaOptions, collection: 'categories' },
);
categorySchema.index({ slug: 1 }, live);

const brandSchema = new Schema<BrandDoc>(
  {
    _id: { type: String, required: true },
    slug: { type: String, required: true },
    name: { type: String, required: true },
    holds: Number,
    deletedAt: { type: Date, default: null },
  },
  { ...schemaOptions, collection: 'brands' },
);
brandSchema.index({ slug: 1 }, live);

/** Binds the categories collection to a connection. */
export const createCategoryModel = (connection: Connection): CategoryModel =>
  connection.model<CategoryDoc>('Category', categorySchema);

/** Binds the brands collection to a connection. */
export const createBrandModel = (connection: Connection): BrandModel =>
  connection.model<BrandDoc>('Brand', brandSchema);
