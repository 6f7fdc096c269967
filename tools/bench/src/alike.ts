/**
 * Measures whether the time of an answer tells which addresses have an account: pairs of calls, one for a known and one
 * for an unknown address, in turn so that whatever else the machine does meets both alike.
 */
import { createAddresses, createClient, mutation, type Client } from './client.ts';
import { makeCustomers } from './customers.ts';
import { percentile } from './measurement.ts';
import { startShop } from './shop.ts';

const PAIRS = 1_000;
const UNCOUNTED = 50;
const CUSTOMERS = 200;
/** Medians may lie this far apart. */
const TOLERANCE = 0.05;

interface Question {
  readonly name: string;
  /** What everybody is answered. */
  readonly status: number;
  readonly call: (email: string) => Parameters<Client['call']>[0];
}

const QUESTIONS: readonly Question[] = [
  {
    name: 'a login with a wrong password',
    status: 401,
    call: (email) => mutation('auth.login', { email, password: 'a wild guess' }),
  },
  {
    name: 'asking for a new password',
    status: 200,
    call: (email) => mutation('auth.requestPasswordReset', { email }),
  },
  {
    name: 'asking for another verification',
    status: 200,
    call: (email) => mutation('auth.resendVerification', { email }),
  },
];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const median = (times: readonly number[]): number =>
  percentile(
    [...times].sort((left, right) => left - right),
    0.5,
  );

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const shop = await startShop({
  ...{ products: undefined, mongo: undefined, unchecked: false },
  report: say,
  signal: stop.signal,
});
const client = createClient(shop.apiUrl, 1);
let isAlike = true;
try {
  const nextAddress = createAddresses();
  const customers = await makeCustomers(shop.env, CUSTOMERS, nextAddress);
  for (const { name, status, call } of QUESTIONS) {
    const ask = async (email: string): Promise<number> => {
      const began = performance.now();
      const answer = await client.call({ ...call(email), headers: { 'x-forwarded-for': nextAddress() } });
      const took = performance.now() - began;
      if (answer.status !== status) throw new Error(`${name}: HTTP ${answer.status} ${answer.body.slice(0, 300)}`);
      return took;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const { email } = customers[pair % CUSTOMERS] ?? { email: '' };
      const sides = [
        async () => known.push(await ask(email)),
        async () => unknown.push(await ask(`nobody-${pair % CUSTOMERS}@bench.cartwright.test`)),
      ];
      // Each side comes first as often as the other.
      for (const side of pair % 2 === 0 ? sides : sides.reverse()) await side();
    }
    const [mine, theirs] = [median(known.slice(UNCOUNTED)), median(unknown.slice(UNCOUNTED))];
    const apart = Math.abs(mine / theirs - 1);
    isAlike &&= apart < TOLERANCE;
    const figures = `known ${mine.toFixed(2)} ms, unknown ${theirs.toFixed(2)} ms`;
    say(`${name}: ${figures}, ${(apart * 100).toFixed(1)} % apart (medians of ${PAIRS - UNCOUNTED})`);
  }
} finally {
  client.close();
  await shop.stop();
}
process.exit(isAlike ? 0 : 1);
