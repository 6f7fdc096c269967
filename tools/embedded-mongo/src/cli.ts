import { readOptions, USAGE, type CliOptions } from './cli-options.ts';
import { runServer } from './run.ts';

async function main(): Promise<void> {
  let options: CliOptions;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const running = await runServer({
    port: options.port,
    dataDir: options.data,
    historyBytes: options.historyBytes,
    ...(options.compactAfter === null ? {} : { compactAfter: options.compactAfter }),
    onFailure(error) {
      process.stderr.write(`the data could not be written, stopping: ${error.message}\n`);
      process.exit(3);
    },
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (options.exitWithParent) {
    process.on('disconnect', stop);
    process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
  }
  process.stdout.write(`${running.uri}\nready\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
