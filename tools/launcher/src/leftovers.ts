import type { Paths } from './paths.ts';
import { isSameProcess, signalGroup } from './processes.ts';
import type { Report } from './report.ts';
import { readJsonFile, removeState, type ShopState } from './state.ts';

/** Ends processes that an earlier launcher left although it and its guard were killed. */
export function stopLeftovers(paths: Paths, report: Report): void {
  const state = readJsonFile<ShopState>(paths.state);
  if (state === undefined) return;
  for (const { pid, birth, title } of state.services) {
    if (pid === undefined || !isSameProcess(pid, birth)) continue;
    report(`Ending ${title} of an earlier start (process ${pid}).`);
    signalGroup(pid, 'SIGKILL');
  }
  removeState(paths.state);
}
