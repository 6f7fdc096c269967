import { writeAll, type Disk, type DiskFile } from './disk.ts';
import { encodeFrame } from './frames.ts';
import { FILE_MAGIC, journalPath } from './files.ts';

/** The journal being written: a queue of frames in front of a file. */
export interface Journal {
  /** Queues a payload; settles when it is on disk. Payloads reach the disk in the order of the calls. */
  append(payload: Uint8Array): Promise<void>;
  /** Settles when all that has been queued is on disk; null when nothing is under way. */
  settled(): Promise<void> | null;
  /** Payloads queued from now on go to the next generation's file; settles when that file is in use. */
  rotate(): Promise<number>;
  /** Bytes in the present file, queued ones included. */
  size(): number;
  close(): Promise<void>;
}

interface Batch {
  readonly payloads: Uint8Array[];
  readonly done: Promise<void>;
  readonly resolve: () => void;
  /** Present when the batch ends a file. */
  rotated: ((generation: number) => void) | null;
}

const newBatch = (): Batch => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { payloads: [], done: promise, resolve, rotated: null };
};

/**
 * Opens a journal for appending at `offset`. Commits that arrive while one is being written share the next write.
 * `onFailure` is called once when the disk refuses a write: from then on nothing is durable, so nothing is answered.
 */
export async function openJournal(options: {
  disk: Disk;
  dir: string;
  generation: number;
  /** Length of the valid part of an existing file; 0 makes a new one. */
  offset: number;
  onFailure: (error: Error) => void;
}): Promise<Journal> {
  const { disk, dir } = options;
  let { generation } = options;
  let file = await openFile(disk, { dir, generation, offset: options.offset });
  let written = Math.max(options.offset, FILE_MAGIC.length);
  let queuedBytes = 0;
  const waiting: Batch[] = [];
  let last: Promise<void> | null = null;
  let writing = false;
  let failed = false;
  let closed = false;

  function currentBatch(): Batch {
    const tail = waiting.at(-1);
    if (tail !== undefined && tail.rotated === null) return tail;
    const batch = newBatch();
    waiting.push(batch);
    last = batch.done;
    return batch;
  }

  function start(): void {
    if (writing || failed) return;
    writing = true;
    drain().catch((error: unknown) => {
      failed = true;
      options.onFailure(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async function drain(): Promise<void> {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      if (batch.payloads.length > 0) {
        const bytes = frames(batch.payloads, written);
        await writeAll(file, bytes, written);
        await file.sync();
        written += bytes.length;
        queuedBytes -= payloadBytes(batch.payloads);
      }
      if (batch.rotated !== null) {
        await file.close();
        generation += 1;
        file = await openFile(disk, { dir, generation, offset: 0 });
        written = FILE_MAGIC.length;
        batch.rotated(generation);
      }
      if (waiting.length === 0) last = null;
      batch.resolve();
    }
    writing = false;
  }

  return {
    append(payload) {
      // Work that was still waiting for a lock when the server closed: it is not done, and nobody is told that it was.
      if (closed) return new Promise(() => undefined);
      const batch = currentBatch();
      batch.payloads.push(payload);
      queuedBytes += payload.length;
      start();
      return batch.done;
    },
    settled: () => last,
    rotate() {
      const batch = currentBatch();
      const { promise, resolve } = Promise.withResolvers<number>();
      batch.rotated = resolve;
      start();
      return promise;
    },
    size: () => written + queuedBytes,
    async close() {
      while (last !== null) await last;
      closed = true;
      await file.close();
    },
  };
}

const payloadBytes = (payloads: readonly Uint8Array[]): number =>
  payloads.reduce((sum, payload) => sum + payload.length, 0);

function frames(payloads: readonly Uint8Array[], durableBytes: number): Buffer {
  const parts = payloads.map((payload) => encodeFrame(payload, durableBytes));
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

async function openFile(
  disk: Disk,
  { dir, generation, offset }: { dir: string; generation: number; offset: number },
): Promise<DiskFile> {
  const path = journalPath(dir, generation);
  if (offset > 0) {
    const file = await disk.open(path, 'existing');
    // What follows the valid part is a torn write; it must not stand behind new frames.
    await file.truncate(offset);
    await file.sync();
    return file;
  }
  const file = await disk.open(path, 'new');
  await writeAll(file, FILE_MAGIC, 0);
  await file.sync();
  await disk.syncFolder(dir);
  return file;
}
