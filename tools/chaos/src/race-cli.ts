import { parseRace, USAGE, type RaceCommand } from './race-options.ts';
import { GUARDS } from './race/guards.ts';
import { sumFigures } from './race/figures.ts';
import { LATE, race, replayOf } from './race/race.ts';
import type { RoundOutcome } from './race/round.ts';
import { raceWithout } from './race/unguarded.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function readCommand(): RaceCommand {
  try {
    return parseRace(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** Plays the code as it is. True when everything held. */
async function play({ from, seeds, lanes, short, untilRed }: RaceCommand): Promise<boolean> {
  const startedAt = performance.now();
  let played = 0;
  const { rounds, books } = await race({
    seeds: Array.from({ length: seeds }, (_, index) => from + index),
    ...{ lanes, untilRed, form: short ? 'short' : 'long' },
    onRound: (round) => {
      played += 1;
      if (played % 100 === 0) say(`${played} rounds played`);
      tell(round, short);
    },
  });
  for (const round of rounds) if (round.violations.some((violation) => violation.startsWith(LATE))) tell(round, short);
  if (books.length > 0) say('the books VIOLATED');
  for (const difference of books) say(`    ${difference}`);
  const red = rounds.filter(({ violations }) => violations.length > 0).length;
  const figures = sumFigures(rounds.map((round) => round.figures));
  say(
    `${rounds.length} rounds in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s, ${red} with violations: ` +
      `${figures.intents} intents, ${figures.orders} orders, ${figures.refused} refused, ${figures.faults} faults, ` +
      `${figures.paid} paid, ${figures.refunded} refunds, ${figures.canceledWithCoupon} canceled with a coupon, ` +
      `${figures.setAside} payments set aside, ${figures.parcels} parcels, ${figures.cash} paid at the door, ` +
      `${figures.bounced} refunds bounced, ${figures.retried} made again, ${figures.disputes} disputes, ` +
      `${figures.resolved} set aside and dealt with, ${figures.guests} orders of guests; the books have ${books.length} differences`,
  );
  return red === 0 && books.length === 0;
}

function tell({ seed, kind, violations }: RoundOutcome, short: boolean): void {
  if (violations.length === 0) return;
  say(`seed ${seed} (${kind}) VIOLATED`);
  for (const violation of violations) say(`    ${violation}`);
  say(`  replay: ${replayOf(seed)}${short ? ' --short' : ''}`);
}

/** Takes guards away, one after another. True when each was missed. */
async function playWithout({ from, seeds, lanes, short, without }: RaceCommand): Promise<boolean> {
  const args = ['--from', String(from), '--seeds', String(seeds), '--lanes', String(lanes)];
  let missed = true;
  for (const name of without) {
    const guard = GUARDS[name];
    if (!guard) continue;
    const found = await raceWithout(guard, short ? [...args, '--short'] : args);
    missed &&= found.length > 0;
    say(
      `without ${name}: ${found.length > 0 ? `red: ${found.slice(0, 12).join(': ')}` : `NOT MISSED in ${seeds} rounds`}`,
    );
  }
  return missed;
}

const command = readCommand();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
if (command.help) say(USAGE);
// What was started ends with this process.
else process.exit((await (command.without.length > 0 ? playWithout(command) : play(command))) ? 0 : 1);
