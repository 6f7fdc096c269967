import { PostponeError } from '@cartwright/platform-queue';
import type { ObjectStore } from '@cartwright/platform-s3';
import { exportKey } from './export-key.ts';
import type { ExportRepository } from './export-repository.ts';

/** As often as two jobs try: an export that nobody could write by then is asked for again. */
const ATTEMPTS_MAX = 10;

/** Lines of a file, and how many of what is counted they tell of. */
export interface ExportPage {
  readonly text: string;
  readonly count: number;
}

/** What a file is made of; nothing of it is held but the page that was read last. */
export interface ExportContent {
  readonly head: string;
  /** How many there are to write, when it begins. */
  readonly total: number;
  readonly pages: AsyncIterable<ExportPage>;
}

/** Doing exports of what `open` tells by their wish. */
export function createExportRun<Wish>({
  exports,
  open,
  files,
  clock,
}: {
  exports: Pick<ExportRepository, 'begin' | 'byId' | 'letGo' | 'tell' | 'finish'>;
  open: (wish: Wish) => Promise<ExportContent>;
  files: Pick<ObjectStore, 'write' | 'remove'>;
  clock: () => Date;
}) {
  async function work(id: string, wish: Wish, signal: AbortSignal): Promise<void> {
    const { head, total, pages } = await open(wish);
    let written = 0;
    let isOver = false;

    async function* pieces(): AsyncGenerator<Buffer> {
      yield Buffer.from(head);
      for await (const { text, count } of pages) {
        yield Buffer.from(text);
        written += count;
        isOver = !(await exports.tell(id, { written, total, changedAt: clock() }));
        if (isOver) throw new Error('The export is over');
        // Somebody else begins it anew: a file is there whole or not at all.
        if (signal.aborted) throw new PostponeError('The export is interrupted');
      }
    }

    const key = exportKey(id);
    try {
      await files.write({ key, contentType: 'text/csv; charset=utf-8' }, pieces());
    } catch (error) {
      // Another worker wrote it meanwhile, or nobody waits for it any more: there is nothing left to do.
      if (isOver) return;
      throw error;
    }
    if (await exports.finish(id, { state: 'done', written, total: written, changedAt: clock() })) return;
    // Whoever stood still for so long that the sweep has been here removes what it would have.
    const left = await exports.byId(id);
    if (left?.state !== 'done' || left.expiresAt <= clock()) await files.remove(key);
  }

  return {
    /**
     * Writes all that was wished to the export's place, page by page, and tells how far it is; from the beginning when it
     * runs again. Rejects when a store is away; after many tries the export has failed.
     */
    async run(id: string, signal: AbortSignal): Promise<void> {
      const doc = await exports.begin(id, clock());
      if (!doc) return;
      if (doc.attempts > ATTEMPTS_MAX) return void (await exports.finish(id, { state: 'failed', changedAt: clock() }));
      try {
        await work(id, doc.wish as Wish, signal);
      } catch (error) {
        // A worker that ends in order is no try that failed.
        if (error instanceof PostponeError) await exports.letGo(id);
        throw error;
      }
    },
  };
}
