import { DomainError, invalidInput, notFound } from '@cartwright/domain-errors';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { PicturesPort } from '../catalog.ports.ts';
import type { ProductDoc } from '../product.model.ts';
import type { AdminProductDetailDto } from './product-admin.contracts.ts';
import { toAdminProductDetail } from './product-admin-mapping.ts';
import type { ProductAdminRepository } from './product-admin-repository.ts';
import {
  IMAGES_MAX,
  type AttachImageInput,
  type DescribeImageInput,
  type ImageInput,
  type ReorderImagesInput,
} from './product-images.contracts.ts';
import type { ProductWriter } from './write-products.ts';

/** The pictures of a product; the first is the one that lists show. Whatever changes them tells of the product. */
export function createProductImages({
  mongo,
  products,
  writer,
  pictures,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  products: Pick<ProductAdminRepository, 'byId'>;
  writer: Pick<ProductWriter, 'replace'>;
  pictures: PicturesPort;
}) {
  /** Changes a living product within a transaction; null says that it is as it should be. */
  const change = (
    productId: string,
    work: (doc: ProductDoc, tx: Tx) => Promise<Pick<ProductDoc, 'images' | 'variants' | 'imageAlts'> | null>,
  ): Promise<AdminProductDetailDto> =>
    mongo.transaction(async (tx) => {
      const doc = await products.byId(productId, tx);
      if (!doc || doc.deletedAt !== null) throw notFound('product');
      const changed = await work(doc, tx);
      if (changed === null) return toAdminProductDetail(doc);
      const [written = doc] = await writer.replace([{ ...doc, ...changed }], tx);
      return toAdminProductDetail(written);
    });

  return {
    /**
     * Adds an uploaded picture at the end; one that the product has already stays where it is. Throws NOT_FOUND for a
     * product or upload that isn't there, UPLOAD_NOT_READY, IN_USE for an upload that was used, and INVALID_INPUT when the
     * product has as many pictures as it may.
     */
    attach: (userId: string, { productId, uploadId }: AttachImageInput): Promise<AdminProductDetailDto> =>
      change(productId, async ({ images, variants }, tx) => {
        const { url } = await pictures.attach({ uploadId, userId, productId }, tx);
        if (images.includes(url)) return null;
        if (images.length >= IMAGES_MAX) throw invalidInput(`A product has ${IMAGES_MAX} pictures at most`);
        return { images: [...images, url], variants };
      }),

    /**
     * Puts the pictures in this order. Throws NOT_FOUND, and VERSION_CONFLICT unless they are exactly those that the
     * product has now: somebody else added or removed one.
     */
    reorder: ({ productId, images: wanted }: ReorderImagesInput): Promise<AdminProductDetailDto> =>
      change(productId, async ({ images, variants }) => {
        const same = wanted.length === images.length && new Set(wanted).size === images.length;
        if (!same || !wanted.every((image) => images.includes(image))) {
          throw new DomainError('VERSION_CONFLICT', { what: 'product' });
        }
        return wanted.every((image, index) => image === images[index]) ? null : { images: [...wanted], variants };
      }),

    /** Says what a picture shows, or nothing any more. Throws NOT_FOUND when the product hasn't got it. */
    describe: ({ productId, image, alt }: DescribeImageInput): Promise<AdminProductDetailDto> =>
      change(productId, async ({ images, variants, imageAlts = [] }) => {
        if (!images.includes(image)) throw notFound('picture');
        const others = imageAlts.filter((each) => each.image !== image);
        return { images, variants, imageAlts: alt === null ? others : [...others, { image, alt }] };
      }),

    /** Takes a picture off a product and its variants. Throws NOT_FOUND when the product hasn't got it. */
    remove: ({ productId, image }: ImageInput): Promise<AdminProductDetailDto> =>
      change(productId, async ({ images, variants, imageAlts = [] }, tx) => {
        if (!images.includes(image)) throw notFound('picture');
        await pictures.detach({ productId, url: image }, tx);
        return {
          images: images.filter((each) => each !== image),
          imageAlts: imageAlts.filter((each) => each.image !== image),
          variants: variants.map(({ image: own, ...variant }) =>
            own === undefined || own === image ? variant : { ...variant, image: own },
          ),
        };
      }),
  };
}

export type ProductImages = ReturnType<typeof createProductImages>;
