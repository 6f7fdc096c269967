import { requirePermission, router, type Principal } from '@cartwright/api-core';
import type { z } from 'zod';
import {
  boardOutput,
  deadLettersInput,
  deadLettersOutput,
  queueInput,
  queueSchema,
  queuesOutput,
  selectionInput,
  selectionOutput,
  type DeadLetterDto,
  type DeadLetterSelection,
  type QueueDto,
} from './admin-jobs.contracts.ts';

/** What administrators do with queues. All throw NOT_FOUND for a queue that isn't there. */
export interface JobsAdmin {
  queues(): Promise<QueueDto[]>;
  deadLetters(input: z.output<typeof deadLettersInput>): Promise<{ items: DeadLetterDto[]; nextCursor: string | null }>;
  retry(selection: DeadLetterSelection, by: Principal): Promise<number>;
  discard(selection: DeadLetterSelection, by: Principal): Promise<number>;
  pause(queue: string, by: Principal): Promise<QueueDto>;
  resume(queue: string, by: Principal): Promise<QueueDto>;
  /** An address that opens the dashboard of queues in a browser, once and soon. */
  openBoard(by: Principal): Promise<{ url: string }>;
}

/** `admin.jobs.*` */
export function createAdminJobsRouter({ jobs }: { jobs: JobsAdmin }) {
  const managing = requirePermission('jobs.manage', { target: { kind: 'queue', field: 'queue' } });
  return router({
    queues: managing.output(queuesOutput).query(async () => ({ items: await jobs.queues() })),
    deadLetters: managing
      .input(deadLettersInput)
      .output(deadLettersOutput)
      .query(({ input }) => jobs.deadLetters(input)),
    retry: managing
      .input(selectionInput)
      .output(selectionOutput)
      .mutation(async ({ ctx, input }) => ({ count: await jobs.retry(input, ctx.principal) })),
    discard: managing
      .input(selectionInput)
      .output(selectionOutput)
      .mutation(async ({ ctx, input }) => ({ count: await jobs.discard(input, ctx.principal) })),
    pause: managing
      .input(queueInput)
      .output(queueSchema)
      .mutation(({ ctx, input }) => jobs.pause(input.queue, ctx.principal)),
    resume: managing
      .input(queueInput)
      .output(queueSchema)
      .mutation(({ ctx, input }) => jobs.resume(input.queue, ctx.principal)),
    openBoard: managing.output(boardOutput).mutation(({ ctx }) => jobs.openBoard(ctx.principal)),
  });
}
