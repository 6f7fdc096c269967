import { parseArgs } from 'node:util';

export const SCENARIOS = [
  'detail',
  'detail-miss',
  'list',
  'list-miss',
  'search',
  'search-miss',
  'search-new',
  'suggest',
  'suggest-miss',
  'home',
  'home-miss',
  'cart',
  'checkout',
  'place',
  'login',
  'detail-logins',
  'me',
  'me-unchecked',
  'jobs',
  'delivery',
] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export interface Options {
  readonly only: readonly ScenarioName[];
  /** Seconds of each measurement. */
  readonly duration: number;
  /** Seconds before the first measurement of a scenario that are not counted. */
  readonly warmUp: number;
  readonly connections: readonly number[];
  /** Products in the catalog; undefined takes the demo catalog. */
  readonly products: number | undefined;
  readonly customers: number;
  /** File for the results as JSON. */
  readonly json: string | undefined;
  /** Address of a MongoDB to use instead of the embedded one; its database `cartwright_bench` is filled and kept. */
  readonly mongo: string | undefined;
  readonly limits: boolean;
  readonly help: boolean;
}

export const USAGE = `Usage: npm run bench -- [options]

  --only LIST         scenarios, separated by commas: ${SCENARIOS.join(', ')} (default: all)
  --duration SECONDS  of each measurement (default 10)
  --warm-up SECONDS   before the first measurement of a scenario (default 2)
  --connections LIST  (default 1,16,64)
  --products N        size of the catalog (default: the demo catalog)
  --customers N       customers who sign in or are signed in (default 200)
  --json FILE         where the results go as JSON (default .cartwright/bench/latest.json)
  --mongo URI         a running MongoDB replica set instead of the embedded server
  --no-limits         skip the bare Express route, or transaction, beside each scenario
`;

const isScenario = (name: string): name is ScenarioName => SCENARIOS.some((scenario) => scenario === name);

const split = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function numberIn(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < low || value > high)
    throw new Error(`--${name} has to be from ${low} to ${high}`);
  return value;
}

/** Reads the command line. Throws with a sentence for people when it is wrong. */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string' },
      duration: { type: 'string', default: '10' },
      'warm-up': { type: 'string', default: '2' },
      connections: { type: 'string', default: '1,16,64' },
      products: { type: 'string' },
      customers: { type: 'string', default: '200' },
      json: { type: 'string' },
      mongo: { type: 'string' },
      'no-limits': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const only =
    values.only === undefined
      ? [...SCENARIOS]
      : split(values.only).map((name) => {
          if (!isScenario(name)) throw new Error(`There is no scenario "${name}"; there are ${SCENARIOS.join(', ')}`);
          return name;
        });
  const connections = split(values.connections).map((text) => Math.trunc(numberIn('connections', text, 1, 1_000)));
  if (only.length === 0 || connections.length === 0) throw new Error('There is nothing to measure');
  return {
    only,
    connections,
    duration: numberIn('duration', values.duration, 1, 600),
    warmUp: numberIn('warm-up', values['warm-up'], 0, 60),
    products:
      values.products === undefined ? undefined : Math.trunc(numberIn('products', values.products, 1, 1_000_000)),
    customers: Math.trunc(numberIn('customers', values.customers, Math.max(...connections), 5_000)),
    json: values.json,
    mongo: values.mongo,
    limits: !values['no-limits'],
    help: values.help,
  };
}
