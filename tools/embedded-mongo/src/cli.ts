import { parseArgs } from 'node:util';
import { runServer } from './run.ts';

const USAGE = `Usage: node src/cli.ts [--port P] (--data DIR | --memory) [--exit-with-parent]

  --port P             port on 127.0.0.1 (default 27117; 0 takes a free one)
  --data DIR           folder that keeps the data
  --memory             keep nothing on disk
  --compact-after N    write a snapshot when the journal is larger than N bytes (default 64 MB) and than the last one
  --history-bytes N    how much is kept for change streams (default 32 MB of documents before and after changes)
  --exit-with-parent   stop when stdin or the IPC channel to the parent closes
`;

interface Options {
  readonly port: number;
  readonly data: string | null;
  readonly exitWithParent: boolean;
  readonly compactAfter: number | null;
  readonly historyBytes: number | undefined;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '27117' },
      data: { type: 'string' },
      memory: { type: 'boolean', default: false },
      'compact-after': { type: 'string' },
      'history-bytes': { type: 'string' },
      'exit-with-parent': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65535)
    throw new Error(`--port has to be a port number, not '${values.port}'`);
  if (values.memory === (values.data !== undefined)) throw new Error('give either --data DIR or --memory');
  const compactAfter = readBytes('--compact-after', values['compact-after']) ?? null;
  const historyBytes = readBytes('--history-bytes', values['history-bytes']);
  return { port, data: values.data ?? null, exitWithParent: values['exit-with-parent'], compactAfter, historyBytes };
}

function readBytes(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const bytes = Number(text);
  if (!Number.isInteger(bytes) || bytes <= 0) throw new Error(`${option} has to be a number of bytes`);
  return bytes;
}

async function main(): Promise<void> {
  let options: Options;
  try {
    options = readOptions();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
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
