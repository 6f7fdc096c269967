import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Begins every journal and snapshot; the digit is the version of the format. */
export const FILE_MAGIC = Buffer.from('CWMONGO1', 'latin1');

export const journalPath = (dir: string, generation: number): string => join(dir, `journal-${generation}.log`);
export const snapshotPath = (dir: string, generation: number): string => join(dir, `snapshot-${generation}.data`);

/** The generations of the journals and snapshots in a data folder, ascending, and what interrupted work left behind. */
export function listFiles(dir: string): { journals: number[]; snapshots: number[]; leftovers: string[] } {
  const journals: number[] = [];
  const snapshots: number[] = [];
  const leftovers: string[] = [];
  for (const name of readdirSync(dir)) {
    const journal = /^journal-(\d+)\.log$/.exec(name);
    const snapshot = /^snapshot-(\d+)\.data$/.exec(name);
    if (journal) journals.push(Number(journal[1]));
    else if (snapshot) snapshots.push(Number(snapshot[1]));
    else if (/^snapshot-\d+\.data\.tmp$/.test(name)) leftovers.push(join(dir, name));
  }
  const ascending = (a: number, b: number): number => a - b;
  return { journals: journals.sort(ascending), snapshots: snapshots.sort(ascending), leftovers };
}

/** Makes the names in a folder durable: files made, renamed and removed. */
export function syncFolderNow(dir: string): void {
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
