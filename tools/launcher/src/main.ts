import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createReporter } from './report.ts';
import type { CommandInput } from './start.ts';

/** The commands; each is loaded only when it is asked for, which keeps all of them quick. */
const COMMANDS: Record<string, () => Promise<(input: CommandInput) => Promise<number>>> = {
  start: async () => (await import('./start.ts')).start,
  stop: async () => (await import('./stop.ts')).stop,
  doctor: async () => (await import('./doctor.ts')).doctor,
  test: async () => (await import('./run-tests.ts')).runTests,
  seed: async () => (await import('./seed.ts')).seed,
  'admin:create': async () => (await import('./create-admin.ts')).createAdmin,
  bench: async () => (await import('./run-tool.ts')).runBench,
  chaos: async () => (await import('./run-tool.ts')).runChaos,
  race: async () => (await import('./run-tool.ts')).runRace,
  soak: async () => (await import('./run-tool.ts')).runSoak,
};

async function main(): Promise<number> {
  const report = createReporter(process.stdout);
  const [command = '', ...rest] = process.argv.slice(2);
  // Tests point the launcher at a small checkout of their own.
  const rootOption = rest.findIndex((word) => word === '--root');
  const root =
    rootOption === -1
      ? path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
      : path.resolve(rest.splice(rootOption, 2)[1] ?? '.');
  const load = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (load === undefined) {
    report(`"${command}" is not a command; there are ${Object.keys(COMMANDS).join(', ')}.`);
    return 2;
  }
  // The channel tells when the process that started this one ends; it must not keep this one alive.
  process.channel?.unref();
  const run = await load();
  return run({ root, argv: rest, env: process.env, report });
}

process.exitCode = await main();
