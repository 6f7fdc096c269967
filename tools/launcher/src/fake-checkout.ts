import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const OPTION = `const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const end = (server) => process.on('SIGTERM', () => { console.log('bye'); server.close(); server.closeAllConnections?.(); setTimeout(() => process.exit(0), 20); });
`;

const HTTP = (port: string, ready: string) => `import http from 'node:http';
${OPTION}const server = http.createServer((request, response) => {
  if (request.url === '/crash') process.exit(3);
  if (request.url === '/env') return response.end(JSON.stringify(process.env));
  response.end('{}');
});
server.listen(Number(${port}), '127.0.0.1', () => console.log(\`${ready}\`));
end(server);
`;

/** What stands in for each program of the shop: the real ones' command lines and signs of life, nothing more. */
const PROGRAMS: Record<string, string> = {
  'tools/embedded-mongo/src/cli.ts': `import net from 'node:net';
${OPTION}const server = net.createServer();
server.listen(Number(option('--port')), '127.0.0.1', () => {
  console.log('mongodb://127.0.0.1:' + option('--port') + '/');
  console.log('ready');
});
end(server);
`,
  'tools/stripe-standin/src/cli.ts': HTTP("option('--port')", 'ready http://127.0.0.1'),
  'tools/s3-standin/src/cli.ts': HTTP("option('--port')", 'ready http://127.0.0.1'),
  'tools/mailbox/src/cli.ts': HTTP("option('--http-port')", 'ready smtp:// http://'),
  'apps/api/src/main.ts': HTTP('process.env.PORT', '{"msg":"listening"}'),
  'apps/worker/src/main.ts': HTTP('process.env.WORKER_PORT', '{"msg":"listening"}'),
  'apps/web/server/main.ts': HTTP('process.env.PORT', 'ready'),
  'apps/web/src/main.tsx': 'export {};',
  'tools/seed/src/cli.ts': `import { appendFileSync } from 'node:fs';
console.log('40 products ' + process.pid);
if (process.env.SEED_HANGS) setInterval(() => {}, 1000);
appendFileSync(process.env.SEED_LOG ?? '/dev/null', process.argv.slice(2).join(' ') + '|' + process.env.MONGODB_URI + '\\n');
`,
  'node_modules/vite/bin/vite.js': `const fs = require('node:fs');
const out = process.argv[process.argv.indexOf('--outDir') + 1];
fs.mkdirSync(out, { recursive: true });
fs.writeFileSync(out + '/index.html', '<title>shop</title>');
`,
  'package-lock.json': '{}',
  'package.json': '{ "type": "module" }',
  'node_modules/vite/package.json': '{ "type": "commonjs" }',
};

/** A checkout in a temporary folder whose programs are small fakes; for tests of the launcher. */
export function createFakeCheckout() {
  const root = mkdtempSync(path.join(os.tmpdir(), 'launcher-'));
  const write = (file: string, content: string) => {
    const full = path.join(root, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, content);
  };
  for (const [file, content] of Object.entries(PROGRAMS)) write(file, content);
  return {
    root,
    write,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}
