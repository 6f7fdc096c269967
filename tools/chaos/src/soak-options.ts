import { parseArgs } from 'node:util';
import { createRandom } from './random.ts';
import { soakEvents } from './soak/events.ts';
import { soakIdle } from './soak/idle.ts';
import { soakRolling } from './soak/rolling.ts';
import type { SoakOptions, SoakResult } from './soak/soak.ts';

interface Form {
  readonly title: string;
  readonly run: (options: SoakOptions) => Promise<SoakResult>;
  readonly defaults: Pick<SoakOptions, 'subscribers' | 'events' | 'apis' | 'users' | 'perSecond'>;
}

/** What can be soaked, by name. */
const FORMS = {
  events: {
    title: 'events over several instances while sockets are cut and the instances restarted one by one',
    run: soakEvents,
    defaults: { subscribers: 500, events: 10_000, apis: 3, users: 100, perSecond: 100 },
  },
  idle: {
    title: 'thousands of subscribers on one instance: memory of each, and how soon they have their news',
    run: soakIdle,
    // Deliveries per second; each event goes to all sockets of a user.
    defaults: { subscribers: 10_000, events: 600, apis: 1, users: 200, perSecond: 1_000 },
  },
  rolling: {
    title: 'nginx before instances that are restarted one by one while people order and follow',
    run: soakRolling,
    // Events are written for as long as the restarts take.
    defaults: { subscribers: 300, events: 0, apis: 3, users: 10, perSecond: 20 },
  },
} as const satisfies Readonly<Record<string, Form>>;

export type FormName = keyof typeof FORMS;

export const USAGE = `Usage: npm run soak -- [form] [options]

Forms (events when none is named):
${Object.entries(FORMS)
  .map(([name, { title }]) => `  ${name.padEnd(20)} ${title}`)
  .join('\n')}

  --subscribers N      (events 500, idle 10000, rolling 300)
  --events N           written into the outbox (events 10000, idle 600; rolling: as many as there is time for)
  --instances N        API instances (3; idle always has one)
  --users N            whose orders change; the subscribers share them (events 100, idle 200, rolling 10)
  --rate N             events per second (events 100, rolling 20); idle: deliveries per second (1000)
  --seed S             (default 1)
`;

export interface SoakCommand {
  readonly help: boolean;
  readonly form: FormName;
  readonly seed: string;
  /** Runs it. */
  run(say: (line: string) => void): Promise<SoakResult>;
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(value) || (text !== undefined && value < 1)) {
    throw new Error(`--${name} has to be a whole number from 1 on`);
  }
  return value;
}

/** Reads the command line. Throws with a sentence for people when it is wrong. */
export function parseSoak(argv: readonly string[]): SoakCommand {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      subscribers: { type: 'string' },
      events: { type: 'string' },
      instances: { type: 'string' },
      users: { type: 'string' },
      rate: { type: 'string' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  const [name = 'events', ...more] = positionals;
  if (more.length > 0 || !isForm(name)) throw new Error(`There is no form "${positionals.join(' ')}"`);
  const { defaults, run } = FORMS[name];
  const { seed, help } = values;
  const numbers = {
    subscribers: wholeNumber('subscribers', values.subscribers, defaults.subscribers),
    events: wholeNumber('events', values.events, defaults.events),
    apis: wholeNumber('instances', values.instances, defaults.apis),
    users: wholeNumber('users', values.users, defaults.users),
    perSecond: wholeNumber('rate', values.rate, defaults.perSecond),
  };
  return { help, form: name, seed, run: (say) => run({ ...numbers, random: createRandom(seed), say }) };
}

const isForm = (name: string): name is FormName => Object.hasOwn(FORMS, name);
