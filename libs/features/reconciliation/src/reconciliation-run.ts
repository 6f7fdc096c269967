import { setTimeout as delay } from 'node:timers/promises';
import { newId, type Mongo } from '@cartwright/platform-mongo';
import type { Check } from './check.ts';
import type { Difference } from './difference.ts';
import type { ReportDoc } from './report.model.ts';
import type { Progress, ReportRepository } from './report-repository.ts';

/** A run without a sign of life for so long is taken for one whose process died. */
export const LEASE_MS = 30_000;
const RENEWED_EVERY_MS = 10_000;
/** So many are looked at again together; they stand in the report meanwhile. */
const SUSPECTS_MAX = 500;

/** Somebody else works on the run. */
export class RunTakenError extends Error {
  override readonly name = 'RunTakenError';
}

/**
 * Goes through all checks. How far it has come is written down page by page, with what was found, so that whoever takes
 * it up after a crash neither misses nor repeats anything; a holder that was taken for dead can write no more.
 */
export function createReconciliationRun({
  mongo,
  reports,
  checks,
  settleMs,
  keptMax,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  reports: Pick<ReportRepository, 'claim' | 'renew' | 'release' | 'advance' | 'end'>;
  checks: readonly Check[];
  /** How long differences from others' books may take to vanish by themselves. */
  settleMs: number;
  /** So many differences are told of a check that is slow to settle, at least; what is beyond is counted. */
  keptMax: number;
  clock: () => Date;
}) {
  const leaseEnd = (): Date => new Date(clock().getTime() + LEASE_MS);

  async function confirmed(check: Check, suspects: readonly string[], signal: AbortSignal): Promise<Difference[]> {
    const found: Difference[] = [];
    for (const suspect of suspects) {
      signal.throwIfAborted();
      found.push(...(await check.confirm(suspect)));
    }
    return found;
  }

  async function work(report: ReportDoc, holder: string, signal: AbortSignal): Promise<void> {
    let { step, cursor } = report;
    let suspects: readonly string[] = report.suspects;
    let ofCheck = report.checks[step]?.differences ?? 0;

    const advance = async (
      news: Pick<Progress, 'examined' | 'found' | 'untold'>,
      next: { step: number; cursor?: string },
    ) => {
      const at = { step: next.step, cursor: next.cursor, suspects };
      const isHeld = await mongo.transaction((tx) => reports.advance(report._id, holder, { ...news, step, at }, tx));
      if (!isHeld) throw new RunTakenError();
      ofCheck = next.step === step ? ofCheck + news.found.length + news.untold : 0;
      step = next.step;
      cursor = next.cursor;
    };

    // One that an older version of the shop began has the checks of then.
    const last = report.checks.length;
    for (let check = checks[step]; check !== undefined && step < last; check = checks[step]) {
      signal.throwIfAborted();
      const page = await check.next(cursor, report, signal);
      const found = [...(page.differences ?? [])];
      let untold = 0;
      suspects = [...new Set([...suspects, ...page.suspects])];
      if (check.isSlowToSettle && ofCheck >= keptMax) {
        // Waiting for each lot of what nobody will read would take all night.
        untold = suspects.length;
        suspects = [];
      } else if (!check.isSlowToSettle || page.cursor === null || suspects.length >= SUSPECTS_MAX) {
        // What others did just now has its time to get here; then it is looked at again.
        if (check.isSlowToSettle && suspects.length > 0) await delay(settleMs, undefined, { signal });
        found.push(...(await confirmed(check, suspects, signal)));
        suspects = [];
      }
      await advance(
        { examined: page.examined, found, untold },
        page.cursor === null ? { step: step + 1 } : { step, cursor: page.cursor },
      );
    }
  }

  return {
    /**
     * Takes a run up where it stands and brings it to its end; null when it is over already. Throws RunTakenError while
     * another one works on it, and whatever keeps a check from going on: then it can be taken up again.
     */
    async run(reportId: string, signal: AbortSignal): Promise<ReportDoc | null> {
      const holder = newId();
      const report = await reports.claim(reportId, holder, { now: clock(), until: leaseEnd() });
      if (!report) throw new RunTakenError();
      const renewing = setInterval(() => {
        // What is written says whether it is still held; this only tells others that somebody is there.
        reports.renew(reportId, holder, leaseEnd()).catch(() => undefined);
      }, RENEWED_EVERY_MS);
      try {
        await work(report, holder, signal);
        return await reports.end(reportId, { holder }, { state: 'finished', at: clock() });
      } catch (error) {
        await reports.release(reportId, holder).catch(() => undefined);
        throw error;
      } finally {
        clearInterval(renewing);
      }
    },
  };
}

export type ReconciliationRun = ReturnType<typeof createReconciliationRun>;
