import { parseArgs } from 'node:util';
import { createRandom } from './random.ts';
import { soakEvents } from './soak/events.ts';

const USAGE = `Usage: npm run soak -- [options]

Subscribers follow events over several instances while their sockets are cut and the instances restarted one by one.

  --subscribers N   (default 500)
  --events N        written into the outbox (default 10000)
  --instances N     API instances (default 3)
  --users N         whose orders change; the subscribers share them (default 10)
  --rate N          events per second while sockets are cut (default 100)
  --seed S          (default 1)
`;

const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '500' },
    events: { type: 'string', default: '10000' },
    instances: { type: 'string', default: '3' },
    users: { type: 'string', default: '10' },
    rate: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
if (values.help) {
  process.stdout.write(USAGE);
} else {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const { violations, figures } = await soakEvents({
    random: createRandom(values.seed),
    subscribers: Number(values.subscribers),
    events: Number(values.events),
    apis: Number(values.instances),
    users: Number(values.users),
    perSecond: Number(values.rate),
    say,
  });
  const facts = Object.entries(figures).map(([what, count]) => `${what} ${count}`);
  say(`${violations.length === 0 ? 'held' : `VIOLATED ${violations.length} times`}: ${facts.join(', ')}`);
  for (const violation of violations.slice(0, 50)) say(`  ${violation}`);
  if (violations.length > 0) say(`replay: npm run soak -- --seed ${values.seed}`);
  // What was started ends with this process.
  process.exit(violations.length === 0 ? 0 : 1);
}
