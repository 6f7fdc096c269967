import { isDuplicateKeyError, newId, sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { Difference } from './difference.ts';
import type { DifferenceDoc, ReportDoc, ReportModels } from './report.model.ts';

/** How far a run has come since it was last written down. */
export interface Progress {
  /** The index of the check, and what is new in it. */
  readonly step: number;
  readonly examined: number;
  readonly found: readonly Difference[];
  /** Differences that are counted, and not told. */
  readonly untold: number;
  /** Where it stands now. */
  readonly at: { readonly step: number; readonly cursor: string | undefined; readonly suspects: readonly string[] };
}

/** Reads and writes reports. A run is written by whoever holds it, and by nobody else. */
export function createReportRepository({ reports, differences }: ReportModels, { keptMax }: { keptMax: number }) {
  const held = (id: string, holder: string) => ({ _id: id, holder, isOpen: true as const });

  /** Those that the report does not have yet: one about money at a provider may be met on two days. */
  async function newOf(reportId: string, found: readonly Difference[], tx: Tx): Promise<Difference[]> {
    const references = found.flatMap(({ subject }) => subject.reference ?? []);
    if (references.length === 0) return [...found];
    const known = await differences
      .find({ reportId, kind: { $in: found.map(({ kind }) => kind) }, 'subject.reference': { $in: references } })
      .session(sessionOf(tx) ?? null)
      .lean<DifferenceDoc[]>();
    const keyOf = ({ kind, subject }: Pick<Difference, 'kind' | 'subject'>) => `${kind}/${subject.reference}`;
    const keys = new Set(known.map(keyOf));
    return found.filter((difference) => {
      if (difference.subject.reference === undefined) return true;
      const isNew = !keys.has(keyOf(difference));
      keys.add(keyOf(difference));
      return isNew;
    });
  }

  return {
    byId: (id: string): Promise<ReportDoc | null> => reports.findOne({ _id: id }).lean<ReportDoc>(),
    open: (): Promise<ReportDoc | null> => reports.findOne({ isOpen: true }).lean<ReportDoc>(),
    latestFinished: (): Promise<ReportDoc | null> =>
      reports.findOne({ state: 'finished' }).sort({ _id: -1 }).lean<ReportDoc>(),

    /** Newest first; reads one more than `limit` so that the caller knows if more follow. */
    page: (limit: number, before?: string): Promise<ReportDoc[]> =>
      reports
        .find(before === undefined ? {} : { _id: { $lt: before } })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<ReportDoc[]>(),
    /** In the order in which they were found; one more than `limit`. */
    differencePage: (reportId: string, limit: number, after?: string): Promise<DifferenceDoc[]> =>
      differences
        .find({ reportId, ...(after === undefined ? {} : { _id: { $gt: after } }) })
        .sort({ _id: 1 })
        .limit(limit + 1)
        .lean<DifferenceDoc[]>(),

    /** False when another one is open. */
    async insert(doc: ReportDoc): Promise<boolean> {
      try {
        await reports.insertOne(doc);
        return true;
      } catch (error) {
        if (isDuplicateKeyError(error)) return false;
        throw error;
      }
    },

    /** Takes an open run that nobody works on, or that is the taker's already; null when there is none. */
    claim: (id: string, holder: string, { now, until }: { now: Date; until: Date }): Promise<ReportDoc | null> =>
      reports
        .findOneAndUpdate(
          { _id: id, isOpen: true, $or: [{ holder: { $exists: false } }, { holder }, { leaseUntil: { $lt: now } }] },
          { $set: { holder, leaseUntil: until }, $inc: { takes: 1 } },
          { returnDocument: 'after' },
        )
        .lean<ReportDoc>(),
    async renew(id: string, holder: string, until: Date): Promise<boolean> {
      const { matchedCount } = await reports.updateOne(held(id, holder), { $set: { leaseUntil: until } });
      return matchedCount === 1;
    },
    /** Lets go of a run, so that it can be taken up at once. */
    async release(id: string, holder: string): Promise<void> {
      await reports.updateOne(held(id, holder), { $unset: { holder: '' } });
    },

    /** Notes how far it has come, with what of it is new; false when another one holds it by now. */
    async advance(
      id: string,
      holder: string,
      { step, examined, found, untold, at }: Progress,
      tx: Tx,
    ): Promise<boolean> {
      const fresh = await newOf(id, found, tx);
      const report = await reports.findOneAndUpdate(
        held(id, holder),
        {
          $set: {
            step: at.step,
            suspects: [...at.suspects],
            ...(at.cursor === undefined ? {} : { cursor: at.cursor }),
          },
          ...(at.cursor === undefined ? { $unset: { cursor: '' } } : {}),
          $inc: {
            [`checks.${step}.examined`]: examined,
            [`checks.${step}.differences`]: fresh.length + untold,
            differences: fresh.length + untold,
          },
        },
        { returnDocument: 'after', ...sessionOption(tx) },
      );
      if (!report) return false;
      const { checks, kept, purgeAt } = report;
      const check = checks[step]?.name;
      const keep = fresh.slice(0, Math.max(0, keptMax - kept));
      if (keep.length === 0 || check === undefined) return true;
      const docs = keep.map((difference) => ({ ...difference, _id: newId(), reportId: id, check, purgeAt }));
      await differences.insertMany(docs, sessionOption(tx));
      await reports.updateOne({ _id: id }, { $inc: { kept: keep.length } }, sessionOption(tx));
      return true;
    },

    /** Ends a run that is held by `holder`, or by nobody who shows a sign of life. Null when it is neither, or over. */
    end: (
      id: string,
      by: { holder: string } | { notHeldAt: Date },
      { state, at, problem }: { state: 'finished' | 'failed'; at: Date; problem?: string },
    ): Promise<ReportDoc | null> =>
      reports
        .findOneAndUpdate(
          {
            _id: id,
            isOpen: true,
            ...('holder' in by ? { holder: by.holder } : { leaseUntil: { $lt: by.notHeldAt } }),
          },
          {
            $set: { state, finishedAt: at, suspects: [], ...(problem === undefined ? {} : { problem }) },
            $unset: { isOpen: '', holder: '', cursor: '' },
          },
          { returnDocument: 'after' },
        )
        .lean<ReportDoc>(),
  };
}

export type ReportRepository = ReturnType<typeof createReportRepository>;
