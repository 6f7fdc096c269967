import { runAutocannon } from './autocannon-loop.ts';
import type { Call, Client } from './client.ts';
import type { Load, Measurement, ProcessCost } from './measurement.ts';
import { runOwnLoop } from './own-loop.ts';
import { usageOfAll, type UsageByProcess } from './process-usage.ts';
import type { Plan } from './scenarios.ts';

const QUIET_CPU_SECONDS = 0.06;
const LOOK_MS = 500;
const PATIENCE_MS = 30_000;

const totalCpu = (usage: UsageByProcess): number =>
  [...usage.values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);

/** Waits until the processes have little left to do (the worker finishes what a run has left it), or patience ends. */
export async function settled(processes: ReadonlyMap<string, number>): Promise<UsageByProcess> {
  const end = performance.now() + PATIENCE_MS;
  let before = await usageOfAll(processes);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const now = await usageOfAll(processes);
    if (totalCpu(now) - totalCpu(before) <= QUIET_CPU_SECONDS || performance.now() > end) return now;
    before = now;
  }
}

function costs(before: UsageByProcess, after: UsageByProcess, requests: number): Record<string, ProcessCost> {
  const entries = [...after].map(([name, { cpuSeconds, rssMegabytes }]) => {
    const spent = cpuSeconds - (before.get(name)?.cpuSeconds ?? 0);
    return [name, { cpuSecondsPerThousand: requests === 0 ? 0 : (spent / requests) * 1_000, rssMegabytes }] as const;
  });
  return Object.fromEntries(entries);
}

export interface Target {
  readonly name: 'shop' | 'limit';
  readonly origin: string;
  readonly processes: ReadonlyMap<string, number>;
}

/** Puts a plan on an address for some seconds, with what goes on meanwhile, whose failures count as its own. */
export async function load(plan: Plan, origin: string, connections: number, seconds: number): Promise<Load> {
  if (plan.kind === 'units') return runOwnLoop(plan.unit(connections), connections, seconds);
  const { next, meanwhile } = plan;
  const [found, beside] = await Promise.all([
    runAutocannon({ origin, next, connections, seconds }),
    meanwhile && runOwnLoop(meanwhile.unit, meanwhile.workers, seconds),
  ]);
  if (!beside) return found;
  return {
    ...found,
    meanwhile: beside.requests,
    errors: found.errors + beside.errors,
    firstError: found.firstError ?? beside.firstError,
  };
}

/**
 * Measures a plan at one number of connections. CPU time includes what the processes do afterwards until they are quiet
 * again, since jobs that a request has left behind are its cost too.
 */
export async function measure({
  scenario,
  plan,
  target,
  connections,
  seconds,
}: {
  scenario: string;
  plan: Plan;
  target: Target;
  connections: number;
  seconds: number;
}): Promise<Measurement> {
  const before = await settled(target.processes);
  const found = await load(plan, target.origin, connections, seconds);
  const after = await settled(target.processes);
  const processes = costs(before, after, found.requests);
  return {
    ...found,
    scenario,
    target: target.name,
    connections,
    perSecond: found.requests / found.seconds,
    processes,
    cpuSecondsPerThousand: Object.values(processes).reduce((sum, cost) => sum + cost.cpuSecondsPerThousand, 0),
  };
}

/**
 * A plan for the bare route: the same kind of request, answered with the bytes that the shop answers. Undefined when the
 * shop refuses; the measurement itself will say why.
 */
export async function limitPlan(call: Call, shop: Client, limit: Client): Promise<Plan | undefined> {
  const { status, body } = await shop.call(call);
  if (status !== 200) return undefined;
  await limit.call({ path: '/bytes', method: 'PUT', body });
  return { kind: 'requests', next: () => ({ ...call, path: '/limit' }) };
}

/** Load that nobody counts: code gets compiled, caches get filled. */
export const warmUp = async (plan: Plan, origin: string, seconds: number): Promise<void> => {
  if (seconds > 0) await load(plan, origin, 8, seconds);
};
