export { defineJob } from './job.ts';
export type { JobContext, JobDefinition, JobName, PayloadOf, ProcessorsFor } from './job.ts';
export { createQueues } from './queues.ts';
export type { EnqueueOptions, QueueCounts, Queues } from './queues.ts';
export { keepRepeating } from './repeating.ts';
export { createWorkers } from './workers.ts';
export type { Workers } from './workers.ts';
