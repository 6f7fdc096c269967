import { DomainError, notFound } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import { decodeCursor, encodeCursor, newId } from '@cartwright/platform-mongo';
import type { Queues } from '@cartwright/platform-queue';
import { z } from 'zod';
import type { DifferenceDto, ReconciliationReportDto } from './reconciliation.contracts.ts';
import { CHECKS } from './reconciliation.contracts.ts';
import { reconcileJob } from './reconciliation.jobs.ts';
import { LEASE_MS, RunTakenError, type ReconciliationRun } from './reconciliation-run.ts';
import type { DifferenceDoc, ReportDoc } from './report.model.ts';
import type { ReportRepository } from './report-repository.ts';

const DAY_MS = 24 * 3_600_000;
/** How far back the provider's books are read at the first run, and at least at each; refunds bounce up to 30 days later. */
const FIRST_LOOK_BACK_MS = 90 * DAY_MS;
const LOOK_BACK_MS = 35 * DAY_MS;
const KEPT_MS = 365 * DAY_MS;
/** One that so many began to work on, and that lies there again, brings down whoever takes it. */
const TAKES_MAX = 20;
const WORKER_GONE = 'The process that worked on it ended.';

const markSchema = z.strictObject({ id: z.string().max(64) });

interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Runs of the reconciliation: begun at night or by hand, one at a time; and what they found. */
export function createReconciliationService({
  reports,
  run,
  queues,
  settleMs,
  logger,
  clock,
}: {
  reports: ReportRepository;
  run: Pick<ReconciliationRun, 'run'>;
  queues: Pick<Queues, 'enqueue'>;
  settleMs: number;
  logger: Pick<Logger, 'error' | 'info' | 'warn'>;
  clock: () => Date;
}) {
  /** Gives up a run that nobody holds; false when somebody does, or it is over. */
  async function giveUp(reportId: string, notHeldAt: Date, problem: string, err?: unknown): Promise<boolean> {
    const ended = await reports.end(reportId, { notHeldAt }, { state: 'failed', at: clock(), problem });
    if (!ended) return false;
    logger.error({ alert: 'reconciliation_failed', err, reportId, problem }, 'the books could not be reconciled');
    return true;
  }

  /** Throws RECONCILIATION_RUNNING while one is under way. */
  async function begin(by: Pick<ReportDoc, 'trigger' | 'startedBy'>): Promise<ReportDoc> {
    const now = clock();
    const open = await reports.open();
    if (open && !(await giveUp(open._id, now, WORKER_GONE))) {
      throw new DomainError('RECONCILIATION_RUNNING', { reportId: open._id });
    }
    const last = await reports.latestFinished();
    // A day of overlap: what was under way at the end of the last one is looked at whole.
    const since = last
      ? Math.min(last.to.getTime() - DAY_MS, now.getTime() - LOOK_BACK_MS)
      : now.getTime() - FIRST_LOOK_BACK_MS;
    const report: ReportDoc = {
      _id: newId(),
      ...by,
      state: 'running',
      isOpen: true,
      startedAt: now,
      from: new Date(since),
      to: new Date(now.getTime() - settleMs),
      step: 0,
      suspects: [],
      checks: CHECKS.map((name) => ({ name, examined: 0, differences: 0 })),
      differences: 0,
      kept: 0,
      // For so long it may wait for a worker that takes it.
      leaseUntil: new Date(now.getTime() + 4 * LEASE_MS),
      takes: 0,
      purgeAt: new Date(now.getTime() + KEPT_MS),
    };
    if (!(await reports.insert(report))) {
      throw new DomainError('RECONCILIATION_RUNNING', { reportId: (await reports.open())?._id ?? '' });
    }
    await queues.enqueue(reconcileJob, { reportId: report._id }).catch((err: unknown) => {
      logger.warn({ err, reportId: report._id }, 'the job of a reconciliation is left to the sweep');
    });
    return report;
  }

  function tell(report: ReportDoc): void {
    const { _id: reportId, differences, checks } = report;
    const examined = Object.fromEntries(checks.map((check) => [check.name, check.examined]));
    if (differences === 0) {
      logger.info({ reportId, examined }, 'the books were reconciled: everything adds up');
      return;
    }
    logger.error(
      { alert: 'reconciliation_differences', reportId, differences, examined },
      'the books were reconciled and do not add up',
    );
  }

  return {
    /** Begins a run by hand. Throws RECONCILIATION_RUNNING with the one that is under way. */
    start: async (userId: string): Promise<ReconciliationReportDto> =>
      toReportDto(await begin({ trigger: 'manual', startedBy: userId })),

    /** Begins the run of the night; where one is under way, that one will do. */
    async startNightly(): Promise<void> {
      try {
        await begin({ trigger: 'nightly' });
      } catch (error) {
        if (!(error instanceof DomainError && error.reason === 'RECONCILIATION_RUNNING')) throw error;
      }
    },

    /**
     * Makes the job of the run that is under way: it may be lost, and where it is not, a second one is not made. Gives up a
     * run that lies there again and again.
     */
    async sweep(): Promise<void> {
      const open = await reports.open();
      if (!open) return;
      if (open.takes >= TAKES_MAX && (await giveUp(open._id, clock(), WORKER_GONE))) return;
      await queues.enqueue(reconcileJob, { reportId: open._id });
    },

    /**
     * Works on a run until its end. Throws what keeps it from that: then it is tried again, and at last given up. One that
     * another worker has is left to him at last: should he die, the sweep makes a new job.
     */
    async work(reportId: string, { signal, isLast }: { signal: AbortSignal; isLast: boolean }): Promise<void> {
      const report = await reports.byId(reportId);
      if (report?.state !== 'running') return;
      try {
        const done = await run.run(reportId, signal);
        if (done) tell(done);
      } catch (error) {
        if (isLast && error instanceof RunTakenError) return;
        // It was let go of just now, and its time is not over yet.
        if (isLast) await giveUp(reportId, new Date(clock().getTime() + 4 * LEASE_MS), problemOf(error), error);
        throw error;
      }
    },

    /** Reports, the newest first. Throws CURSOR_INVALID. */
    async reports({ limit, cursor }: Page) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor, markSchema).id;
      const docs = await reports.page(limit, before);
      return pageOf(docs, limit, toReportDto);
    },

    /** Throws NOT_FOUND. */
    async report(reportId: string): Promise<ReconciliationReportDto> {
      const doc = await reports.byId(reportId);
      if (!doc) throw notFound('report');
      return toReportDto(doc);
    },

    /** What a report found, in the order of the checks. Throws NOT_FOUND, CURSOR_INVALID. */
    async differences({ reportId, limit, cursor }: Page & { reportId: string }) {
      const after = cursor === undefined ? undefined : decodeCursor(cursor, markSchema).id;
      if (!(await reports.byId(reportId))) throw notFound('report');
      return pageOf(await reports.differencePage(reportId, limit, after), limit, toDifferenceDto);
    },

    /** How many differences the last run found that came to its end; null before the first. */
    async latestDifferences(): Promise<number | null> {
      return (await reports.latestFinished())?.differences ?? null;
    },
  };
}

export type ReconciliationService = ReturnType<typeof createReconciliationService>;

function pageOf<Doc extends { _id: string }, Dto>(docs: readonly Doc[], limit: number, toDto: (doc: Doc) => Dto) {
  const page = docs.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toDto),
    nextCursor: docs.length > limit && last ? encodeCursor({ id: last._id }) : null,
  };
}

/** Causes may tell of addresses and keys; the log has them. */
const problemOf = (error: unknown): string =>
  error instanceof DomainError ? error.reason : error instanceof Error ? error.name : 'unknown';

function toReportDto(doc: ReportDoc): ReconciliationReportDto {
  const { _id: id, trigger, startedBy, state, startedAt, finishedAt, problem, from, to, differences, step } = doc;
  return {
    ...{ id, trigger, state, startedAt, from, to, differences },
    ...(startedBy === undefined ? {} : { startedBy }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(problem === undefined ? {} : { problem }),
    checks: doc.checks.map(({ name, examined, differences: found }, index) => ({
      ...{ name, examined, differences: found },
      state: index < step ? 'done' : index === step && state === 'running' ? 'running' : 'waiting',
    })),
  };
}

const toDifferenceDto = ({ _id: id, check, kind, subject, expected, found, text }: DifferenceDoc): DifferenceDto => ({
  ...{ id, check, kind, subject, expected, found, text },
});
