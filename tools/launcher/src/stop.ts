import { lockHolder } from './data-folder.ts';
import { parseStartOptions } from './options.ts';
import { createPaths } from './paths.ts';
import { isAlive } from './processes.ts';
import type { CommandInput } from './start.ts';

const LIMIT_MS = 90_000;

/** `npm run stop`: asks the shop on this data folder to stop and waits until it has. */
export async function stop({ root, argv, env, report }: CommandInput): Promise<number> {
  const { options } = parseStartOptions(argv, { root, env });
  const paths = createPaths({ root, dataDir: options.dataDir });
  const pid = lockHolder(paths);
  if (pid === undefined) {
    report(`Nothing runs on ${paths.dataDir}.`);
    return 0;
  }
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + LIMIT_MS;
  while (isAlive(pid) && lockHolder(paths) === pid) {
    if (Date.now() > deadline) {
      report(`The launcher (process ${pid}) has not stopped after ${LIMIT_MS / 1000} s.`);
      return 1;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  report('Stopped.');
  return 0;
}
