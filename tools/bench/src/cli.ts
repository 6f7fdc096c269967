import { fileURLToPath } from 'node:url';
import { parseOptions, USAGE, type Options } from './options.ts';
import { runBench } from './run.ts';

const DEFAULT_JSON = fileURLToPath(new URL('../../../.cartwright/bench/latest.json', import.meta.url));

function readOptions(): Options {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const options = readOptions();
if (options.help) {
  process.stdout.write(USAGE);
} else {
  const stop = new AbortController();
  const onSignal = (): void => {
    // Asked twice: leave at once; what was started ends with this process.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const report = await runBench({ ...options, json: options.json ?? DEFAULT_JSON }, say, stop.signal);
    process.exit(report.measurements.some(({ errors }) => errors > 0) ? 1 : 0);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${stop.signal.aborted ? 'Interrupted' : message}\n`);
    process.exit(1);
  }
}
