import { parseArgs } from 'node:util';

/** What the command line takes. */
export const USAGE = `Usage: node src/cli.ts [--port P] (--data DIR | --memory) [--exit-with-parent]

  --port P             port on 127.0.0.1 (default 27117; 0 takes a free one)
  --data DIR           folder that keeps the data
  --memory             keep nothing on disk
  --compact-after N    write a snapshot when the journal is larger than N bytes (default 64 MB) and than the last one
  --history-bytes N    how much is kept for change streams (default 32 MB of documents before and after changes)
  --exit-with-parent   stop when stdin or the IPC channel to the parent closes
`;

export interface CliOptions {
  readonly help: boolean;
  readonly port: number;
  readonly data: string | null;
  readonly exitWithParent: boolean;
  readonly compactAfter: number | null;
  readonly historyBytes: number | undefined;
}

/** Reads the arguments of the command line. @throws Error that says what is wrong with them */
export function readOptions(args: readonly string[]): CliOptions {
  const { values } = parseArgs({
    args: [...args],
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
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65535)
    throw new Error(`--port has to be a port number, not '${values.port}'`);
  if (!values.help && values.memory === (values.data !== undefined))
    throw new Error('give either --data DIR or --memory');
  const compactAfter = readBytes('--compact-after', values['compact-after']) ?? null;
  const historyBytes = readBytes('--history-bytes', values['history-bytes']);
  return {
    help: values.help,
    port,
    data: values.data ?? null,
    exitWithParent: values['exit-with-parent'],
    compactAfter,
    historyBytes,
  };
}

function readBytes(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const bytes = Number(text);
  if (!Number.isInteger(bytes) || bytes <= 0) throw new Error(`${option} has to be a number of bytes`);
  return bytes;
}
