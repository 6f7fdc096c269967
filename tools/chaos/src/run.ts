import { startCluster } from './cluster.ts';
import type { Verdict } from './invariants.ts';
import { createRandom } from './random.ts';
import type { Form, Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';

export interface Outcome extends Verdict {
  readonly scenario: string;
  readonly seed: number;
  readonly milliseconds: number;
}

const PRODUCTS = ['lamp', 'kettle', 'chair', 'desk'].map((slug) => ({ slug, price: 2_500, stock: 1_000 }));
/** Clocks of unpaid orders that a run can wait for. */
const CLOCKS = { STOCK_HOLD_SECONDS: '8', ORDER_EXPIRY_SECONDS: '12' };
/** Longer than any outage: whoever was signed in before is so after. */
const SESSIONS = { ACCESS_TOKEN_SECONDS: '3600' };
const SIZE = { short: { apis: 2, workers: 2 }, long: { apis: 3, workers: 2 } } as const;

/** How to see a seed again. */
export const replayOf = ({ scenario, seed }: { scenario: string; seed: number }): string =>
  `npm run chaos -- --scenario ${scenario} --from ${seed} --seeds 1`;

export function scenarioOf(name: string): Scenario {
  const scenario = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
  if (!scenario) throw new Error(`There is no scenario "${name}"; there are ${Object.keys(SCENARIOS).join(', ')}`);
  return scenario;
}

/** Runs one seed of a scenario on services and processes of its own. */
export async function runSeed(given: {
  name: string;
  seed: number;
  form: Form;
  outageSeconds: number;
  say: (line: string) => void;
}): Promise<Outcome> {
  const { name, seed, form, outageSeconds, say } = given;
  const scenario = scenarioOf(name);
  const startedAt = performance.now();
  const { env, ...rest } = scenario.cluster ?? {};
  await using cluster = await startCluster({
    ...SIZE[form],
    products: PRODUCTS,
    ...rest,
    env: { ...CLOCKS, ...SESSIONS, ...env },
  });
  const random = createRandom(`${name}/${seed}`);
  const verdict = await scenario.run({ cluster, random, form, outageSeconds, say });
  const { apis, workers } = cluster.shop;
  if (verdict.violations.length > 0) {
    for (const [index, host] of [...apis, ...workers].entries()) say(`log of process ${index}:\n${tail(host.log())}`);
  }
  return { scenario: name, seed, milliseconds: Math.round(performance.now() - startedAt), ...verdict };
}

const tail = (log: string): string =>
  log
    .split('\n')
    .slice(-8)
    .map((line) => `    ${line.slice(0, 500)}`)
    .join('\n');
