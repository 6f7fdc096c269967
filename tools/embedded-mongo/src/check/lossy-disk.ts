import { createDisk, writeAll, type Disk, type DiskFile } from '../journal/disk.ts';
import type { Random } from './random.ts';

/** Smaller writes reach a real disk in one piece. */
const ATOMIC_BYTES = 16;

/**
 * A disk that keeps in memory what was not synced, so that killing the process is what a power cut is to a machine: bytes
 * without a sync are gone, but for some that got there early (any part of a write, in any order), and names changed
 * without a sync of their folder are as they were. The random choices decide what gets there early.
 */
export function createLossyDisk(random: Random, disk: Disk = createDisk()): Disk {
  const renames: { from: string; to: string }[] = [];

  async function open(path: string, what: 'existing' | 'new'): Promise<DiskFile> {
    const file = await disk.open(path, what);
    let unsynced: { bytes: Uint8Array; position: number }[] = [];
    return {
      async write(bytes, from, position) {
        // Now and then the system takes fewer bytes than it was given.
        const most = bytes.length - from;
        const count = most > ATOMIC_BYTES && random.chance(0.1) ? 1 + random.below(most) : most;
        const taken = bytes.slice(from, from + count);
        unsynced.push({ bytes: taken, position });
        if (count > ATOMIC_BYTES && random.chance(0.5)) {
          const start = random.below(count);
          const end = start + random.below(count - start);
          await writeAll(file, taken.subarray(start, end), position + start);
        }
        return count;
      },
      async sync() {
        const pending = unsynced;
        unsynced = [];
        for (const { bytes, position } of pending) await writeAll(file, bytes, position);
        await file.sync();
      },
      truncate: (length) => file.truncate(length),
      close: () => file.close(),
    };
  }

  return {
    open,
    async rename(from, to) {
      renames.push({ from, to });
    },
    remove: (path) => disk.remove(path),
    async syncFolder(dir) {
      for (const { from, to } of renames.splice(0)) await disk.rename(from, to);
      await disk.syncFolder(dir);
    },
  };
}
