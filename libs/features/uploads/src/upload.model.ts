import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { UploadPurpose } from './upload-purposes.ts';
import type { Rejection, UploadState } from './uploads.contracts.ts';

/** A picture made anew, in its widths, the narrowest first. */
export interface PictureDoc {
  height: number;
  widths: number[];
}

export interface UploadDoc {
  _id: string;
  userId: string;
  purpose: UploadPurpose;
  contentType: string;
  /** As announced, in bytes. */
  size: number;
  /** As announced: SHA-256 in base64. */
  checksumSha256: string;
  state: UploadState;
  rejection?: Rejection;
  /** How often somebody began to look at it. */
  attempts: number;
  picture?: PictureDoc;
  /** The product whose picture it became: once, whatever became of that. */
  productId?: string;
  /** The product gave it back; orders may still show it. */
  detachedAt?: Date;
  /** Who works with its bytes at the moment, such as imports: until they let go nothing ends it. */
  heldBy?: string[];
  createdAt: Date;
  /** When it came into its state. */
  changedAt: Date;
}

/** One per user: written with each upload that they begin, so that many at once are counted one after the other. */
export interface UploaderDoc {
  _id: string;
  begun: number;
}

export interface UploadModels {
  uploads: Model<UploadDoc>;
  uploaders: Model<UploaderDoc>;
}

const required = { type: String, required: true } as const;

const uploadSchema = new Schema<UploadDoc>(
  {
    _id: required,
    userId: required,
    purpose: required,
    contentType: required,
    size: { type: Number, required: true },
    checksumSha256: required,
    state: required,
    rejection: String,
    attempts: { type: Number, required: true },
    picture: { type: { _id: false, height: Number, widths: [Number] } },
    productId: String,
    detachedAt: Date,
    heldBy: { type: [String], default: undefined },
    createdAt: { type: Date, required: true },
    changedAt: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'uploads' },
);
uploadSchema.index({ userId: 1, state: 1 });
uploadSchema.index({ state: 1, changedAt: 1 });
uploadSchema.index({ state: 1, _id: -1 });
uploadSchema.index({ productId: 1 }, { sparse: true });

const uploaderSchema = new Schema<UploaderDoc>(
  { _id: required, begun: { type: Number, required: true } },
  { ...schemaOptions, collection: 'uploaders' },
);

/** Binds the collections of uploads and of who uploads to a connection. */
export const createUploadModels = (connection: Connection): UploadModels => ({
  uploads: connection.model<UploadDoc>('Upload', uploadSchema),
  uploaders: connection.model<UploaderDoc>('Uploader', uploaderSchema),
});
