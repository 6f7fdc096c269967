import type { Tx } from '@cartwright/platform-mongo';
import type { ProductSort } from './catalog.contracts.ts';
import type { PageMark, ProductQuery } from './product-repository.ts';

/** What the catalog needs of the inventory: to write the stock that an import brings for new variants. */
export interface InitialStockPort {
  receive(levels: { variantId: string; productId: string; onHand: number }[], tx: Tx): Promise<void>;
}

/** What the catalog needs of the shop's settings: by which classes goods are taxed. */
export interface TaxClassesPort {
  ids(): Promise<ReadonlySet<string>>;
  /** Whether there is such a class, and none removes it before the transaction is done that gives it to a product. */
  hold(id: string, tx: Tx): Promise<boolean>;
}

/** What the catalog needs of uploads: pictures that were looked at, each given to one product, once. */
export interface PicturesPort {
  /** The address of a user's picture, from now on this product's; the same again when it is that already. */
  attach(picture: { uploadId: string; userId: string; productId: string }, tx: Tx): Promise<{ url: string }>;
  /** The product has it no more. One that never was an upload is nothing to do for. */
  detach(picture: { productId: string; url: string }, tx: Tx): Promise<void>;
}

/** And of variants that come back: their stock went on without the catalog being told. */
export interface VariantStockPort extends InitialStockPort {
  /** Has the catalog told of the levels of these variants, once the transaction is done. */
  republish(variantIds: readonly string[], tx: Tx): Promise<void>;
}

/** Where a page of the index goes on: the last product seen, and its place in the list that the index keeps for a while. */
export interface IndexMark extends PageMark {
  list?: string | undefined;
  offset?: number | undefined;
}

/** One page: ids in order, and where the next one begins. */
export interface IndexPage {
  ids: readonly string[];
  next: IndexMark | null;
}

/** What the catalog needs of the search index: lists by filters that no index of the database is made for. */
export interface ProductIndexPort {
  /** Null while there is no index to ask. */
  page(
    query: ProductQuery,
    sort: ProductSort,
    page: { limit: number; mark?: IndexMark | undefined },
  ): Promise<IndexPage | null>;
}

interface ImportFile {
  uploadId: string;
  userId: string;
  purpose: 'catalog_import';
}

/** What the catalog needs of uploads: files of products, of whoever uploaded them. */
export interface ImportFilesPort {
  /** Throws NOT_FOUND and UPLOAD_NOT_READY. */
  take(wanted: ImportFile): Promise<{ size: number; read(): Promise<Buffer> }>;
  /** Nobody can give the file up until this holder releases it. Throws as `take`. */
  hold(wanted: ImportFile, holder: string, tx: Tx): Promise<void>;
  release(uploadId: string, holder: string, tx: Tx): Promise<void>;
}
