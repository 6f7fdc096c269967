import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

export interface ReviewDoc {
  _id: string;
  productId: string;
  userId: string;
  author: string;
  /** 1 to 5 stars. */
  rating: number;
  title?: string;
  text?: string;
  /** The author had bought it and received it when writing. */
  verified: boolean;
  createdAt: Date;
}

export type ReviewModel = Model<ReviewDoc>;

const reviewSchema = new Schema<ReviewDoc>(
  {
    _id: { type: String, required: true },
    productId: { type: String, required: true },
    userId: { type: String, required: true },
    author: { type: String, required: true },
    rating: { type: Number, required: true },
    title: String,
    text: String,
    verified: { type: Boolean, required: true },
    createdAt: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'reviews' },
);
reviewSchema.index({ productId: 1, userId: 1 }, { unique: true });
reviewSchema.index({ userId: 1 });
reviewSchema.index({ productId: 1, createdAt: -1, _id: -1 });
// How many gave how many stars is counted with every page: from the index alone.
reviewSchema.index({ productId: 1, rating: 1 });

/** Binds the reviews collection to a connection. */
export const createReviewModel = (connection: Connection): ReviewModel =>
  connection.model<ReviewDoc>('Review', reviewSchema);
