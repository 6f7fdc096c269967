import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { ReportReason, ReviewStatus } from './reviews.contracts.ts';

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
  /** Hidden ones are no part of the product's rating. */
  status: ReviewStatus;
  /** Somebody reported it, and no moderator has decided since. */
  reported: boolean;
  /** Counts up with each report, so that a decision in the same moment overlooks none. */
  reportCount?: number;
  reply?: { text: string; at: Date };
  createdAt: Date;
  editedAt?: Date;
}

/** That a user reported a review: once, whatever became of it. */
export interface ReviewReportDoc {
  _id: string;
  reviewId: string;
  userId: string;
  reason: ReportReason;
  text?: string;
  /** A moderator has decided since. */
  handled: boolean;
  at: Date;
}

export interface ReviewModels {
  reviews: Model<ReviewDoc>;
  reports: Model<ReviewReportDoc>;
}

const required = { type: String, required: true } as const;

const reviewSchema = new Schema<ReviewDoc>(
  {
    _id: required,
    productId: required,
    userId: required,
    author: required,
    rating: { type: Number, required: true },
    title: String,
    text: String,
    verified: { type: Boolean, required: true },
    status: required,
    reported: { type: Boolean, required: true },
    reportCount: Number,
    reply: { type: { _id: false, text: required, at: { type: Date, required: true } } },
    createdAt: { type: Date, required: true },
    editedAt: Date,
  },
  { ...schemaOptions, collection: 'reviews' },
);
reviewSchema.index({ productId: 1, userId: 1 }, { unique: true });
reviewSchema.index({ userId: 1, _id: -1 });
reviewSchema.index({ productId: 1, status: 1, createdAt: -1, _id: -1 });
// How many gave how many stars is counted with every page: from the index alone.
reviewSchema.index({ productId: 1, status: 1, rating: 1 });
// What moderators look through, newest first.
reviewSchema.index({ status: 1, _id: -1 });
reviewSchema.index({ reported: 1, _id: -1 });

const reportSchema = new Schema<ReviewReportDoc>(
  {
    _id: required,
    reviewId: required,
    userId: required,
    reason: required,
    text: String,
    handled: { type: Boolean, required: true },
    at: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'review_reports' },
);
reportSchema.index({ reviewId: 1, userId: 1 }, { unique: true });
reportSchema.index({ userId: 1 });

/** Binds the collections of reviews and of reports about them to a connection. */
export const createReviewModels = (connection: Connection): ReviewModels => ({
  reviews: connection.model<ReviewDoc>('Review', reviewSchema),
  reports: connection.model<ReviewReportDoc>('ReviewReport', reportSchema),
});
