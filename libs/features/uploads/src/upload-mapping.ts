import type { ObjectStore } from '@cartwright/platform-s3';
import { pictureKey } from './upload-keys.ts';
import type { UploadDoc } from './upload.model.ts';
import type { AdminUploadDto, UploadDto } from './uploads.contracts.ts';

type Addresses = Pick<ObjectStore, 'publicUrl'>;

/** The address of a picture in its widest; undefined of what is no picture. */
export function pictureUrl({ _id, picture }: UploadDoc, store: Addresses): string | undefined {
  const widest = picture?.widths.at(-1);
  return widest === undefined ? undefined : store.publicUrl(pictureKey(_id, widest));
}

/** Document to what its uploader sees. */
export function toUpload(doc: UploadDoc, store: Addresses): UploadDto {
  const { _id, purpose, state, rejection, contentType, size, picture, createdAt } = doc;
  const url = state === 'ready' ? pictureUrl(doc, store) : undefined;
  return {
    ...{ uploadId: _id, purpose, state, contentType, size, createdAt },
    ...(rejection === undefined ? {} : { rejection }),
    ...(url === undefined || picture === undefined
      ? {}
      : {
          picture: {
            url,
            width: picture.widths.at(-1) ?? 0,
            height: picture.height,
            variants: picture.widths.map((width) => ({ width, url: store.publicUrl(pictureKey(_id, width)) })),
          },
        }),
  };
}

/** Document to what administrators see. */
export function toAdminUpload(doc: UploadDoc, store: Addresses): AdminUploadDto {
  const { userId, productId, detachedAt } = doc;
  const used = productId !== undefined && detachedAt === undefined;
  return { ...toUpload(doc, store), userId, ...(used ? { productId } : {}) };
}
