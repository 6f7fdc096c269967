export type { StreamEntry } from './entry.ts';
export { ADMIN_STREAM, CATALOG_STREAM, COUNTERS_STREAM, userStream } from './names.ts';
export { createStreams } from './streams.ts';
export type { StreamAppend, StreamItem, Streams, SubscribeOptions } from './streams.ts';
