/**
 * Type checks the whole workspace with the native compiler: everything that runs on Node, the storefront with its
 * browser types, the SDK, and every domain library by itself, where neither Node nor the DOM exist: this is what keeps
 * the domain pure. What was checked is remembered beside the installed packages, so that the next check takes seconds.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const compiler = path.join(root, 'node_modules', 'typescript-native', 'bin', 'tsc');

const memory = path.join(root, 'node_modules', '.cache', 'cartwright-types');

const domains = readdirSync(path.join(root, 'libs', 'domain')).map((name) => `libs/domain/${name}/tsconfig.json`);
const wanted = process.argv.slice(2);
const projects = (
  wanted.length > 0 ? wanted : ['tsconfig.json', 'apps/web/tsconfig.json', 'libs/sdk/tsconfig.json', ...domains]
).filter((project) => existsSync(path.join(root, project)));

function check(project) {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        ...[compiler, '-p', project, '--noEmit', '--pretty', String(process.stdout.isTTY === true)],
        ...['--incremental', '--tsBuildInfoFile', path.join(memory, `${project.replaceAll('/', '-')}.tsbuildinfo`)],
      ],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ project, ok: code === 0, output, ms: Date.now() - started }));
  });
}

const queue = [...projects];
const failures = [];
async function work() {
  for (let project = queue.shift(); project !== undefined; project = queue.shift()) {
    const result = await check(project);
    process.stdout.write(`${result.ok ? '  ok  ' : 'WRONG '} ${project} (${(result.ms / 1000).toFixed(1)} s)\n`);
    if (!result.ok) {
      failures.push(project);
      process.stdout.write(`${result.output.trimEnd()}\n`);
    }
  }
}
await Promise.all(Array.from({ length: Math.max(1, Math.min(2, os.availableParallelism())) }, work));

process.stdout.write(
  failures.length === 0 ? `${projects.length} projects type check.\n` : `Type errors in ${failures.join(', ')}.\n`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
