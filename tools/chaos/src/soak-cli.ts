import { parseSoak, USAGE, type SoakCommand } from './soak-options.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function readCommand(): SoakCommand {
  try {
    return parseSoak(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const command = readCommand();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
if (command.help) {
  say(USAGE);
} else {
  const { violations, figures } = await command.run(say);
  const facts = Object.entries(figures).map(([what, count]) => `${what} ${count}`);
  say(`${violations.length === 0 ? 'held' : `VIOLATED ${violations.length} times`}: ${facts.join(', ')}`);
  for (const violation of violations.slice(0, 50)) say(`  ${violation}`);
  if (violations.length > 0) say(`replay: npm run soak -- ${command.form} --seed ${command.seed}`);
  // What was started ends with this process.
  process.exit(violations.length === 0 ? 0 : 1);
}
