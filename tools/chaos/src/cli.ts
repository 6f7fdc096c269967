import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseOptions, USAGE, type Options } from './options.ts';
import { replayOf, runSeed, type Outcome } from './run.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function readOptions(): Options {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function main(options: Options): Promise<number> {
  const outcomes: Outcome[] = [];
  for (let seed = options.from; seed < options.from + options.seeds; seed += 1) {
    for (const name of options.scenarios) {
      say(`${name}, seed ${seed}`);
      const { form, outageSeconds } = options;
      const outcome = await runSeed({ name, seed, form, outageSeconds, say: (line) => say(`  ${line}`) });
      outcomes.push(outcome);
      const figures = Object.entries(outcome.figures).map(([what, count]) => `${what} ${count}`);
      const held = outcome.violations.length === 0 ? 'held' : `VIOLATED ${outcome.violations.length} times`;
      say(`  ${held} in ${(outcome.milliseconds / 1_000).toFixed(0)} s: ${figures.join(', ')}`);
      for (const violation of outcome.violations) say(`    ${violation}`);
      if (outcome.violations.length > 0) say(`  replay: ${replayOf(outcome)}${form === 'short' ? ' --short' : ''}`);
    }
  }
  if (options.json !== undefined) {
    const file = resolve(options.json);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify({ at: new Date().toISOString(), options, outcomes }, null, 2)}\n`);
  }
  const failed = outcomes.filter(({ violations }) => violations.length > 0);
  say(`${outcomes.length} runs, ${failed.length} with violations`);
  return failed.length === 0 ? 0 : 1;
}

const options = readOptions();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
if (options.help) process.stdout.write(USAGE);
// What was started ends with this process.
else process.exit(await main(options));
