import { parseArgs } from 'node:util';
import type { Form } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';

export interface Options {
  readonly scenarios: readonly string[];
  readonly from: number;
  readonly seeds: number;
  readonly form: Form;
  readonly outageSeconds: number;
  readonly json: string | undefined;
  readonly help: boolean;
}

export const USAGE = `Usage: npm run chaos -- [options]

Breaks a shop of several processes on private services, by chance that a seed repeats, and checks what must hold.

  --seeds N            seeds of each scenario (default 5)
  --from S             the first seed (default 1)
  --scenario NAME      one scenario, or several separated by commas (default: all)
  --short              the small form that the tests run: two API instances, fewer buyers and faults
  --outage SECONDS     how long Redis stays away in the scenario of outages (default 20; short 4); of those
                       over a minute each seed has one
  --json FILE          the outcomes as JSON, too

Scenarios:
${Object.entries(SCENARIOS)
  .map(([name, { title }]) => `  ${name.padEnd(20)} ${title}`)
  .join('\n')}
`;

function wholeNumber(name: string, text: string, low: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < low) throw new Error(`--${name} has to be a whole number from ${low} on`);
  return value;
}

/** Reads the command line. Throws with a sentence for people when it is wrong. */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seeds: { type: 'string', default: '5' },
      from: { type: 'string', default: '1' },
      scenario: { type: 'string' },
      short: { type: 'boolean', default: false },
      outage: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const scenarios = values.scenario?.split(',').map((name) => name.trim()) ?? Object.keys(SCENARIOS);
  for (const name of scenarios) {
    if (!Object.hasOwn(SCENARIOS, name)) throw new Error(`There is no scenario "${name}"`);
  }
  return {
    scenarios,
    from: wholeNumber('from', values.from, 0),
    seeds: wholeNumber('seeds', values.seeds, 1),
    form: values.short ? 'short' : 'long',
    outageSeconds: wholeNumber('outage', values.outage ?? (values.short ? '4' : '20'), 1),
    json: values.json,
    help: values.help,
  };
}
