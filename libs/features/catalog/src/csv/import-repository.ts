import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import { PROBLEMS_KEPT, type CsvProblem } from './csv-columns.ts';
import type { CsvImportDoc, ImportModel } from './import.model.ts';

type ImportState = CsvImportDoc['state'];
const OPEN: ImportState[] = ['pending', 'checking', 'applying'];

/** A product that an import went through. */
interface ImportStep {
  id: string;
  /** Of the product in the file. */
  place: number;
  counter: 'created' | 'updated' | 'unchanged' | 'skipped';
  problem?: CsvProblem;
  now: Date;
}

/** Reads and writes how far imports are. */
export function createImportRepository(imports: ImportModel) {
  return {
    insert: async (doc: CsvImportDoc, tx: Tx): Promise<void> =>
      void (await imports.insertMany([doc], sessionOption(tx))),
    byId: (id: string): Promise<CsvImportDoc | null> => imports.findById(id).lean<CsvImportDoc>(),
    byIntent: (intentId: string): Promise<CsvImportDoc | null> => imports.findOne({ intentId }).lean<CsvImportDoc>(),
    /** Takes an open one up: counted as begun until `letGo`. Null when it is over. */
    begin: (id: string, now: Date): Promise<CsvImportDoc | null> =>
      imports
        .findOneAndUpdate(
          { _id: id, state: { $in: OPEN } },
          { $inc: { attempts: 1 }, $set: { changedAt: now } },
          { returnDocument: 'after' },
        )
        .lean<CsvImportDoc>(),
    /** It was left in order, to go on later. */
    letGo: async (id: string): Promise<void> => void (await imports.updateOne({ _id: id }, { $inc: { attempts: -1 } })),
    /** Changes one that is in this state; false when it isn't any more. */
    move: async (
      id: string,
      from: readonly ImportState[],
      change: Partial<CsvImportDoc>,
      tx?: Tx,
    ): Promise<boolean> => {
      const filter = { _id: id, state: { $in: [...from] } };
      return (await imports.updateOne(filter, { $set: change }, sessionOption(tx))).modifiedCount === 1;
    },
    /**
     * Counts the product at `place` as gone through, with why it was left alone, if it was; false when somebody else did
     * that already.
     */
    advance: async ({ id, place, counter, problem, now }: ImportStep, tx: Tx): Promise<boolean> => {
      const change = {
        $set: { applied: place + 1, attempts: 1, changedAt: now },
        $inc: { [counter]: 1, ...(problem ? { errorCount: 1 } : {}) },
        ...(problem ? { $push: { problems: { $each: [problem], $slice: PROBLEMS_KEPT } } } : {}),
      };
      const filter = { _id: id, state: 'applying' as const, applied: place };
      return (await imports.updateOne(filter, change, sessionOption(tx))).modifiedCount === 1;
    },
    /** Open ones of which nothing was heard since. */
    quiet: (before: Date, limit: number): Promise<CsvImportDoc[]> =>
      imports
        .find({ state: { $in: OPEN }, changedAt: { $lt: before } })
        .limit(limit)
        .lean<CsvImportDoc[]>(),
    /** Those that are over. */
    removeBefore: async (moment: Date): Promise<void> =>
      void (await imports.deleteMany({ createdAt: { $lt: moment }, state: { $nin: OPEN } })),
  };
}

export type ImportRepository = ReturnType<typeof createImportRepository>;
