import { MongoBulkWriteError, MongoError, MongoServerError, type ClientSession, type MongoClient } from 'mongodb';
import type { Anomaly, Outcome } from './history.ts';
import type { Random } from './random.ts';

/** The order of events in a run: every call is one place further on. */
export type Ticks = () => number;

/** One seed's work on one database, fresh for every seed. */
export interface Workload {
  /** Before any kill. */
  setUp(): Promise<void>;
  /** One transaction or write of a client. Never throws for what kills and conflicts bring about. */
  step(client: MongoClient, random: Random, clientId: number): Promise<void>;
  /** After the last restart. */
  check(): Promise<Anomaly[]>;
  /** What was done, by outcome. */
  readonly counts: Record<Outcome, number>;
}

export interface WorkloadOptions {
  readonly client: MongoClient;
  readonly db: string;
  readonly random: Random;
  readonly ticks: Ticks;
}

/** How often a commit whose answer was lost is asked for again. */
const COMMIT_ATTEMPTS = 4;

/**
 * Runs one transaction, without trying it again: `body` answers whether to commit. What fails before the commit has been
 * sent has certainly not happened.
 */
export async function runTransaction(
  client: MongoClient,
  random: Random,
  body: (session: ClientSession) => Promise<boolean>,
): Promise<Outcome> {
  const session = client.startSession();
  try {
    session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } });
    try {
      if (!(await body(session))) {
        await session.abortTransaction();
        return 'failed';
      }
    } catch (error) {
      rethrowOwn(error);
      await session.abortTransaction().catch(() => undefined);
      return 'failed';
    }
    for (let attempt = 1; ; attempt++) {
      try {
        await session.commitTransaction();
        return 'ok';
      } catch (error) {
        rethrowOwn(error);
        if (!isUncertain(error)) return 'failed';
        if (attempt === COMMIT_ATTEMPTS || random.chance(0.3)) return 'unknown';
      }
    }
  } finally {
    await session.endSession().catch(() => undefined);
  }
}

/** Runs one write, which the driver tries a second time by itself when the connection breaks. */
export async function runWrite<T>(write: () => Promise<T>): Promise<{ outcome: Outcome; result: T | null }> {
  try {
    return { outcome: 'ok', result: await write() };
  } catch (error) {
    rethrowOwn(error);
    return { outcome: isUncertain(error) ? 'unknown' : 'failed', result: null };
  }
}

/** Whether an error leaves open what has happened: the connection broke, or no server was there. */
function isUncertain(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return true;
  // The driver's name for any failure of insertMany, broken connections included.
  if (error instanceof MongoBulkWriteError && error.result.getWriteErrorCount() === 0) return true;
  return error.hasErrorLabel('UnknownTransactionCommitResult') || error.hasErrorLabel('RetryableWriteError');
}

/** Mistakes of the check itself are not to pass for failures of the server. */
function rethrowOwn(error: unknown): void {
  if (error instanceof MongoError) return;
  // The driver passes on what a socket reports while it is written to, and at times stumbles over it itself.
  const raw = error instanceof Error && ('syscall' in error || error.message.includes('hasErrorLabel'));
  if (!raw) throw error;
}
