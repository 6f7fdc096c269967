import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sampleCatalog } from './catalog-sample.ts';
import { createAddresses, createClient, type Client } from './client.ts';
import { openMachinery } from './machinery.ts';
import { makeCustomers } from './customers.ts';
import { limitPlan, measure, warmUp, type Target } from './measure.ts';
import type { Measurement } from './measurement.ts';
import type { Options, ScenarioName } from './options.ts';
import { formatTable, machine, type Report } from './report.ts';
import { LOGINS_AT_ONCE, scenarios, type Plan, type Scenario, type ScenarioContext } from './scenarios.ts';
import { startShop, type BenchShop } from './shop.ts';

type Say = (line: string) => void;

const SIGNED_IN: ReadonlySet<ScenarioName> = new Set<ScenarioName>([
  ...(['checkout', 'place', 'delivery', 'login', 'detail-logins', 'me', 'me-unchecked'] as const),
]);

/** What a scenario is held against; undefined where nothing says something about it. */
async function barePlan(
  { limit, bare }: Scenario,
  plan: Plan,
  context: ScenarioContext,
  limitClient: Client,
): Promise<Plan | undefined> {
  if (bare) return bare(context);
  return limit && plan.kind === 'requests' ? limitPlan(plan.next(), context.client, limitClient) : undefined;
}

/** Measures all chosen scenarios on a running shop. */
async function measureAll(
  shop: BenchShop,
  context: ScenarioContext,
  options: Options,
  say: Say,
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  const limitClient = createClient(shop.limitUrl, 2);
  const targets: Record<'shop' | 'unchecked' | 'limit', Target> = {
    shop: { name: 'shop', origin: shop.apiUrl, processes: shop.processes },
    unchecked: { name: 'shop', origin: shop.uncheckedUrl, processes: shop.uncheckedProcesses },
    limit: { name: 'limit', origin: shop.limitUrl, processes: shop.limitProcess },
  };
  try {
    for (const name of options.only) {
      const scenario = scenarios[name];
      const plan = scenario.plan(context);
      const target = targets[scenario.api ?? 'shop'];
      say(`${scenario.title}: warming up`);
      await warmUp(plan, target.origin, options.warmUp);
      const bare = options.limits ? await barePlan(scenario, plan, context, limitClient) : undefined;
      if (bare) await warmUp(bare, shop.limitUrl, Math.min(1, options.warmUp));
      for (const connections of options.connections) {
        const common = { scenario: name, connections, seconds: options.duration };
        const found = await measure({ ...common, plan, target });
        measurements.push(found);
        const beside = bare ? await measure({ ...common, plan: bare, target: targets.limit }) : undefined;
        if (beside) measurements.push(beside);
        const limit = beside ? `, bare ${beside.perSecond.toFixed(0)}/s` : '';
        const besides = found.meanwhile === undefined ? '' : `, ${found.meanwhile} logins meanwhile`;
        const errors = found.errors > 0 ? `, ${found.errors} ERRORS` : '';
        say(
          `${scenario.title} at ${connections}: ${found.perSecond.toFixed(1)}/s, p99 ${found.p99.toFixed(1)} ms${limit}${besides}${errors}`,
        );
        if (found.errors > 0) for (const line of shop.log()) say(`  ${line}`);
      }
    }
    return measurements;
  } finally {
    limitClient.close();
  }
}

/** Starts a shop, measures it, writes the results and stops it. Resolves with the report. */
export async function runBench(options: Options & { json: string }, say: Say, signal: AbortSignal): Promise<Report> {
  const startedAt = new Date().toISOString();
  const unchecked = options.only.some((name) => scenarios[name].api === 'unchecked');
  const shop = await startShop({ products: options.products, mongo: options.mongo, unchecked, report: say, signal });
  const nextAddress = createAddresses();
  const client = createClient(shop.apiUrl, Math.max(LOGINS_AT_ONCE, ...options.connections));
  const interrupted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new Error('Interrupted'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  const work = async (): Promise<Report> => {
    const sample = await sampleCatalog(client);
    const needsCustomers = options.only.some((name) => SIGNED_IN.has(name));
    if (needsCustomers) say(`Signing in ${options.customers} customers`);
    const customers = needsCustomers ? await makeCustomers(shop.env, options.customers, nextAddress) : [];
    const machinery = await openMachinery(shop.env, shop.apiUrl);
    const context = { sample, customers, client, nextAddress, machinery };
    const measurements = await measureAll(shop, context, options, say).finally(machinery.close);
    const { duration, warmUp: warm, connections, customers: count } = options;
    return {
      startedAt,
      machine: machine(),
      options: { duration, warmUp: warm, connections, customers: count, products: sample.products },
      measurements,
    };
  };
  try {
    const report = await Promise.race([work(), interrupted]);
    await mkdir(dirname(options.json), { recursive: true });
    await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    say('');
    say(formatTable(report.measurements));
    say('');
    say(`Written to ${options.json}`);
    return report;
  } finally {
    client.close();
    await shop.stop();
  }
}
