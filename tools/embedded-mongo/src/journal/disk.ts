import { close, constants, fdatasync, fsync, ftruncate, open, rename, unlink, write } from 'node:fs';
import { promisify } from 'node:util';

/** A file that is being written. */
export interface DiskFile {
  /** Writes some of the bytes from `from` on at a place of the file; answers how many, which may be fewer than asked. */
  write(bytes: Uint8Array, from: number, position: number): Promise<number>;
  /** Settles when everything written is on disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * What the journal and the snapshots ask of the disk while the server runs. Every call may fail. Tests put in disks
 * that refuse writes, or that forget at a crash what was not synced.
 */
export interface Disk {
  /** Opens a file for writing: an existing one as it is, or a new one in the place of whatever is there. */
  open(path: string, what: 'existing' | 'new'): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes the names in a folder durable: files made, renamed and removed. */
  syncFolder(dir: string): Promise<void>;
}

const openFd = promisify(open);
const writeFd = promisify(write);
const syncFd = promisify(fsync);
const syncDataFd = promisify(fdatasync);
const truncateFd = promisify(ftruncate);
const closeFd = promisify(close);

/** The disk of the machine. */
export function createDisk(): Disk {
  return {
    async open(path, what) {
      const flags = what === 'existing' ? constants.O_RDWR : constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC;
      const fd = await openFd(path, flags, 0o600);
      return {
        write: async (bytes, from, position) =>
          (await writeFd(fd, bytes, from, bytes.length - from, position)).bytesWritten,
        sync: () => syncDataFd(fd),
        truncate: (length) => truncateFd(fd, length),
        close: () => closeFd(fd),
      };
    },
    rename: promisify(rename),
    remove: promisify(unlink),
    async syncFolder(dir) {
      const fd = await openFd(dir, 'r');
      try {
        await syncFd(fd);
      } finally {
        await closeFd(fd);
      }
    },
  };
}

/** Writes all of the bytes. */
export async function writeAll(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let from = 0; from < bytes.length;) {
    const count = await file.write(bytes, from, position + from);
    if (count === 0) throw new Error('the disk takes no more bytes');
    from += count;
  }
}
