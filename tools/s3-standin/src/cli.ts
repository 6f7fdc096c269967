import { parseArgs } from 'node:util';
import { createObjectFiles } from './object-files.ts';
import { listen } from './server.ts';

const USAGE = `Usage: cli.ts (--data DIR | --memory) --bucket NAME --access-key-id ID --secret-access-key KEY [options]
  --port PORT            0 takes a free one (default 9000)
  --host HOST            address to listen on (default 127.0.0.1)
  --region REGION        what signatures are made for (default us-east-1)
  --public-prefix TEXT   keys that anybody may read begin with it (default public/)
  --cors-origin ORIGIN   pages that may use the bucket; may be given several times, * for all
  --data DIR             folder that keeps the objects over restarts
  --memory               keep the objects in memory only
  --exit-with-parent     end when standard input closes`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9000' },
      host: { type: 'string', default: '127.0.0.1' },
      bucket: { type: 'string', default: '' },
      region: { type: 'string', default: 'us-east-1' },
      'access-key-id': { type: 'string', default: '' },
      'secret-access-key': { type: 'string', default: '' },
      'public-prefix': { type: 'string', default: 'public/' },
      'cors-origin': { type: 'string', multiple: true, default: [] },
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
  const port = Number(values.port);
  const key = { accessKeyId: values['access-key-id'], secretAccessKey: values['secret-access-key'] };
  const complete = [values.bucket, key.accessKeyId, key.secretAccessKey, values['public-prefix']].every(Boolean);
  if ((values.data === undefined) === !values.memory || !Number.isInteger(port) || !complete) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  const server = await listen({
    ...{ host: values.host, port, bucket: values.bucket },
    key: { ...key, region: values.region },
    publicPrefix: values['public-prefix'],
    corsOrigins: values['cors-origin'],
    objects: createObjectFiles({ dataDir: values.data ?? null }),
  });

  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void server.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (values['exit-with-parent']) process.stdin.on('end', end).on('error', end).resume();
  process.stdout.write(`ready ${server.url}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
