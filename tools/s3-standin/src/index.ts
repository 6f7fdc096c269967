export { startS3StandIn } from './start.ts';
export type { RunningS3StandIn, S3StandInOptions } from './start.ts';
