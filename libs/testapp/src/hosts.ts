import { freePort } from '@cartwright/testkit';
import { startHost, type HostProcess } from './host-process.ts';

/** The API and worker processes of one shop. */
export function createHosts(env: Readonly<Record<string, string>>) {
  const running: Record<'api' | 'worker', HostProcess[]> = { api: [], worker: [] };
  const started = new Set<HostProcess>();

  async function start(host: 'api' | 'worker', given?: number, own: Readonly<Record<string, string>> = {}) {
    // One that nobody else is given: it has to be free again when this instance is started anew.
    const port = host === 'api' ? { PORT: String(given ?? (await freePort())) } : {};
    const process = await startHost(host, { ...env, ...port, ...own });
    started.add(process);
    return process;
  }
  async function add(
    host: 'api' | 'worker',
    port?: number,
    own?: Readonly<Record<string, string>>,
  ): Promise<HostProcess> {
    const process = await start(host, port, own);
    running[host].push(process);
    return process;
  }

  return {
    apis: running.api,
    workers: running.worker,
    /** `own` are variables of this one alone. */
    startApi: (port?: number, own?: Readonly<Record<string, string>>) => add('api', port, own),
    startWorker: () => add('worker'),

    /** Ends an instance and starts it anew in its place; an API at its port. */
    async restart(host: 'api' | 'worker', index: number, how: 'stop' | 'kill' = 'stop'): Promise<HostProcess> {
      const list = running[host];
      const old = list[index];
      if (!old) throw new Error(`There is no ${host} ${index}`);
      await old[how]();
      started.delete(old);
      const port = host === 'api' ? Number(new URL(old.url).port) : undefined;
      const fresh = await start(host, port);
      list[index] = fresh;
      return fresh;
    },

    /** Ends all of them, side by side. */
    stop: async (): Promise<void> => {
      await Promise.all([...started].map((process) => process.stop()));
    },
  };
}
