import type { Logger } from '@cartwright/platform-logger';
import type { Tx } from '@cartwright/platform-mongo';

export type LogLine = { level: 'debug' | 'info' | 'warn' | 'error'; facts: unknown; message: string | undefined };

/** A logger that keeps its lines for the test to look at. */
export const collectingLogger = (): { logger: Logger; lines: LogLine[] } => {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (facts: unknown, message?: string): void => {
      lines.push(typeof facts === 'string' ? { level, facts: undefined, message: facts } : { level, facts, message });
    };
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const withChild = { ...logger, child: () => withChild };
  return { logger: withChild as unknown as Logger, lines };
};

/** A transaction runner without a database, for unit tests of services with fake repositories. */
export const fakeTransactions = (): { transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> } => ({
  transaction: (work) => work({} as Tx),
});

export type AppendedEvent = { event: { type: string }; aggregateId: string; payload: unknown };

/** An outbox that keeps what is appended. */
export const collectingOutbox = (): {
  append(tx: Tx, events: readonly AppendedEvent[]): Promise<void>;
  events: AppendedEvent[];
  types(): string[];
} => {
  const events: AppendedEvent[] = [];
  return {
    events,
    append: async (_tx, appended) => {
      events.push(...appended);
    },
    types: () => events.map(({ event }) => event.type),
  };
};

export type EnqueuedJob = { name: string; payload: unknown; delayMs: number | undefined };

/** Queues that keep what is enqueued. */
export const collectingQueues = (): {
  enqueue(job: { name: string }, payload: unknown, options?: { delayMs?: number | undefined }): Promise<void>;
  enqueueMany(job: { name: string }, payloads: readonly unknown[]): Promise<void>;
  remove(job: { name: string }, payload: unknown): Promise<boolean>;
  jobs: EnqueuedJob[];
} => {
  const jobs: EnqueuedJob[] = [];
  return {
    jobs,
    enqueue: async ({ name }, payload, options) => {
      jobs.push({ name, payload, delayMs: options?.delayMs });
    },
    enqueueMany: async ({ name }, payloads) => {
      jobs.push(...payloads.map((payload) => ({ name, payload, delayMs: undefined })));
    },
    remove: async ({ name }, payload) => {
      const index = jobs.findIndex(
        (job) => job.name === name && JSON.stringify(job.payload) === JSON.stringify(payload),
      );
      if (index >= 0) jobs.splice(index, 1);
      return index >= 0;
    },
  };
};

export type RecordedAction = {
  action: string;
  actor: { kind: string; id?: string | undefined };
  target?: { kind: string; id: string } | undefined;
  outcome: string;
  details?: Readonly<Record<string, unknown>> | undefined;
};

/** An audit log that keeps what is written to it; `begun` counts actions of which nobody has said what became of them. */
export const collectingAudit = () => {
  const entries: RecordedAction[] = [];
  let begun = 0;
  return {
    entries,
    begun: () => begun,
    append: async (entry: RecordedAction): Promise<void> => void entries.push(entry),
    begin: async (action: Omit<RecordedAction, 'outcome'>) => {
      begun += 1;
      return async ({ outcome, details }: Pick<RecordedAction, 'outcome' | 'details'>): Promise<void> => {
        begun -= 1;
        entries.push({ ...action, outcome, details: { ...action.details, ...details } });
      };
    },
  };
};
