import { parseArgs } from 'node:util';
import { listen } from './server.ts';

const USAGE = `Usage: cli.ts --secret-key KEY (--data DIR | --memory) [options]
  --port PORT            port to listen on; 0 takes a free one (default 4242)
  --host HOST            address to listen on (default 127.0.0.1)
  --data DIR             folder that keeps the state over restarts
  --memory               keep the state in memory only
  --secret-key KEY       the API key callers must send
  --webhook-url URL      where events are delivered
  --webhook-secret S     signs deliveries; give it twice while rotating
  --shop-name NAME       shown on the hosted page (default "Cartwright")
  --public-url URL       where browsers reach the hosted page (default: the listening address)
  --exit-with-parent     end when standard input closes`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4242' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      memory: { type: 'boolean', default: false },
      'secret-key': { type: 'string' },
      'webhook-url': { type: 'string' },
      'webhook-secret': { type: 'string', multiple: true, default: [] },
      'shop-name': { type: 'string', default: 'Cartwright' },
      'public-url': { type: 'string' },
      'exit-with-parent': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const secretKey = values['secret-key'];
  const port = Number(values.port);
  if (!secretKey || (values.data === undefined) === !values.memory || !Number.isInteger(port)) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  const running = await listen({
    port,
    host: values.host,
    dataDir: values.data ?? null,
    secretKey,
    webhookUrl: values['webhook-url'] ?? null,
    webhookSecrets: values['webhook-secret'],
    shopName: values['shop-name'],
    publicUrl: values['public-url'] ?? null,
  });

  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void running.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (values['exit-with-parent']) {
    process.stdin.on('end', end).on('error', end).resume();
  }
  process.stdout.write(`ready ${running.url}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
