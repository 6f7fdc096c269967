import { mongo } from 'mongoose';

/** A new identifier: 24 hex digits, sortable by creation time, unique over processes. All `_id`s are such strings. */
export const newId = (): string => new mongo.ObjectId().toHexString();

/** The smallest identifier that could have been made at `time` (whole seconds), for range queries by creation time. */
export const idAt = (time: Date): string =>
  mongo.ObjectId.createFromTime(Math.floor(time.getTime() / 1000)).toHexString();
