export { createStreams } from './streams.ts';
export type { StreamAppend, StreamItem, Streams, SubscribeOptions } from './streams.ts';
