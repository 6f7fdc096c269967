import { spawn, type ChildProcess } from 'node:child_process';

/** Makes sure that started process groups end even when the launcher itself is killed. */
export type Guard = {
  pid: () => number | undefined;
  add(pid: number): void;
  remove(pid: number): void;
  /** Everything was stopped in order: the guard may go. */
  farewell(): Promise<void>;
};

/** Starts the guard process; it is started again, with all it has to know, should it die. */
export function startGuard({ node, entry, graceMs = 5000 }: { node: string; entry: string; graceMs?: number }): Guard {
  const groups = new Set<number>();
  let over = false;
  let child: ChildProcess;

  const tell = (line: string) => {
    child.stdin?.write(`${line}\n`);
  };
  const launch = () => {
    child = spawn(node, [entry, String(graceMs)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin?.on('error', () => {});
    child.on('error', () => {});
    child.unref();
    for (const pid of groups) tell(`add ${pid}`);
    child.once('exit', () => {
      if (!over) setTimeout(launch, 200).unref();
    });
  };
  launch();

  return {
    pid: () => child.pid,
    add(pid) {
      groups.add(pid);
      tell(`add ${pid}`);
    },
    remove(pid) {
      groups.delete(pid);
      tell(`remove ${pid}`);
    },
    async farewell() {
      over = true;
      child.ref();
      const gone = new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
      });
      child.stdin?.end('farewell\n');
      await gone;
    },
  };
}
