import { parseArgs } from 'node:util';
import { createMessageStore } from './message-store.ts';
import { listenSmtp } from './smtp.ts';
import { listenWeb } from './web.ts';

const USAGE = `Usage: cli.ts (--data DIR | --memory) [options]
  --smtp-port PORT     port for mail; 0 takes a free one (default 1025)
  --http-port PORT     port for the page and the JSON API (default 8025)
  --host HOST          address to listen on (default 127.0.0.1)
  --data DIR           folder that keeps the mails over restarts
  --memory             keep the mails in memory only
  --exit-with-parent   end when standard input closes`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'smtp-port': { type: 'string', default: '1025' },
      'http-port': { type: 'string', default: '8025' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      memory: { type: 'boolean', default: false },
      'exit-with-parent': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const ports = [Number(values['smtp-port']), Number(values['http-port'])];
  const [smtpPort = Number.NaN, httpPort = Number.NaN] = ports;
  if ((values.data === undefined) === !values.memory || !ports.every(Number.isInteger)) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  const store = createMessageStore({ dataDir: values.data ?? null });
  const smtp = await listenSmtp({ host: values.host, port: smtpPort, store });
  const web = await listenWeb({ host: values.host, port: httpPort, store });

  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void Promise.all([smtp.close(), web.close()]).then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (values['exit-with-parent']) process.stdin.on('end', end).on('error', end).resume();
  process.stdout.write(`ready ${smtp.url} ${web.url}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
