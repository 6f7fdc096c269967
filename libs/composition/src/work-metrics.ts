import type { HandledFacts, Outbox, RelayFacts } from '@cartwright/platform-outbox';
import type { JobRun, QueueHealth, Queues } from '@cartwright/platform-queue';
import type { Telemetry } from '@cartwright/platform-telemetry';
import { shared } from './shared.ts';

/** The gauges of one scrape, and of one look at readiness, share a look at the stores. */
const SHARED_MS = 500;

const GAUGES = {
  queue_oldest_waiting_seconds: ['How long the oldest job that could run has been waiting', 'oldestWaitingMs'],
  queue_since_progress_seconds: ['How long ago a run ended', 'sinceProgressMs'],
} as const;
const STATES = ['waiting', 'active', 'delayed', 'failed'] as const;

/** Figures of queues and outbox, in every process that is asked. Answers how to look at both, for readiness. */
export function observeStores({
  telemetry,
  queues,
  outbox,
}: {
  telemetry: Telemetry;
  queues: Pick<Queues, 'health'>;
  outbox: Pick<Outbox, 'lag' | 'stuck'>;
}) {
  const health = shared(queues.health, SHARED_MS);
  const lag = shared(outbox.lag, SHARED_MS);

  telemetry.gauge('outbox_open', 'Events not handled yet', async () => (await lag()).open);
  telemetry.gauge('outbox_oldest_seconds', 'Age of the oldest of them', async () => (await lag()).oldestMs / 1_000);
  telemetry.gauge(
    'outbox_overdue_seconds',
    'How long the most overdue event has been waiting for a relay',
    async () => (await lag()).overdueMs / 1_000,
  );

  telemetry.gauge('outbox_stuck', 'Events that do not get done by themselves', outbox.stuck.count);

  const ofQueues = async (values: (queue: QueueHealth) => number | null) =>
    Object.entries(await health()).flatMap(([queue, state]) => {
      const value = values(state);
      return value === null ? [] : [{ labels: { queue }, value }];
    });
  telemetry.gauges('queue_jobs', 'Jobs by state; failed ones are dead letters', ['queue', 'state'], async () =>
    Object.entries(await health()).flatMap(([queue, counts]) =>
      STATES.map((state) => ({ labels: { queue, state }, value: counts[state] })),
    ),
  );
  telemetry.gauges('queue_healthy', '0 when jobs wait and none is finished', ['queue'], () =>
    ofQueues(({ healthy }) => (healthy ? 1 : 0)),
  );
  telemetry.gauges('queue_paused', '1 while nobody may take jobs', ['queue'], () =>
    ofQueues(({ paused }) => (paused ? 1 : 0)),
  );
  for (const [name, [help, field]] of Object.entries(GAUGES)) {
    telemetry.gauges(name, help, ['queue'], () =>
      ofQueues((state) => {
        const milliseconds = state[field];
        return milliseconds === null ? null : milliseconds / 1_000;
      }),
    );
  }
  return { health, lag };
}

/** Figures of the work that this process does itself. */
export function observeWork(telemetry: Telemetry) {
  const jobs = telemetry.counter('jobs_total', 'Runs of jobs', ['queue', 'job', 'outcome']);
  const durations = telemetry.histogram('job_duration_seconds', 'Time of runs', ['queue', 'job']);
  const relayed = telemetry.counter('outbox_relayed_total', 'Events relayed', ['type', 'again']);
  const stuck = telemetry.counter('outbox_stuck_total', 'Times that an event was found to stay open', ['type']);
  const handled = telemetry.counter('outbox_handled_total', 'Handlers run for events', ['handler']);
  const latency = telemetry.histogram('outbox_latency_seconds', 'From the event to its handler', ['handler']);

  return {
    onRun({ queue, job, outcome, milliseconds }: JobRun): void {
      jobs.inc({ queue, job, outcome });
      durations.observe({ queue, job }, milliseconds / 1_000);
    },
    onBatch(facts: RelayFacts): void {
      for (const { type, again } of facts.relayed) relayed.inc({ type, again: String(again) });
      for (const { type } of facts.stuck) stuck.inc({ type });
    },
    onHandled({ handler, latencyMs }: HandledFacts): void {
      handled.inc({ handler });
      latency.observe({ handler }, latencyMs / 1_000);
    },
  };
}
