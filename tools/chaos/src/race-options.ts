import { parseArgs } from 'node:util';
import { GUARDS } from './race/guards.ts';

export interface RaceCommand {
  readonly help: boolean;
  readonly from: number;
  readonly seeds: number;
  readonly lanes: number;
  readonly short: boolean;
  /** Ends with the first seed that finds something. */
  readonly untilRed: boolean;
  /** Names of the guards to take away, each in a copy of the code; none plays the code as it is. */
  readonly without: readonly string[];
}

export const USAGE = `Usage: npm run race -- [options]

Plays random rounds on a shop of several processes: people order, pay, cancel and let clocks run out, at the same moments,
while processes die, transactions conflict and the payment provider delays, repeats, shuffles and fails after success.
Afterwards stock, coupons, prices, orders and money must add up. A seed decides everything that a round does.

  --seeds N            how many (200)
  --from S             the first (1)
  --lanes N            rounds side by side (4)
  --short              two API instances and a worker, and nobody dies
  --until-red          ends with the first seed that finds something
  --without GUARDS     takes guards out of a copy of the code, one after another, and expects to find something: names
                       separated by commas, or "each"

Guards:
${Object.entries(GUARDS)
  .map(([name, { title }]) => `  ${name.padEnd(20)} ${title}`)
  .join('\n')}
`;

function wholeNumber(name: string, text: string, low: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < low) throw new Error(`--${name} has to be a whole number from ${low} on`);
  return value;
}

/** Reads the command line. Throws with a sentence for people when it is wrong. */
export function parseRace(argv: readonly string[]): RaceCommand {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '1' },
      lanes: { type: 'string', default: '4' },
      short: { type: 'boolean', default: false },
      without: { type: 'string', default: '' },
      'until-red': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const named =
    values.without === 'each' ? Object.keys(GUARDS) : values.without.split(',').filter((name) => name !== '');
  for (const name of named) if (!Object.hasOwn(GUARDS, name)) throw new Error(`There is no guard "${name}"`);
  return {
    help: values.help,
    from: wholeNumber('from', values.from, 0),
    seeds: wholeNumber('seeds', values.seeds, 1),
    lanes: wholeNumber('lanes', values.lanes, 1),
    short: values.short,
    untilRed: values['until-red'],
    without: named,
  };
}
