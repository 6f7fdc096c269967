import { PostponeError } from '@cartwright/platform-queue';
import { expect, it } from 'vitest';
import { createExportRun, type ExportPage } from './run-export.ts';
import type { ExportDoc } from './export.model.ts';

const PAGE = 100;
const clock = () => new Date('2026-06-15T12:00:00Z');

/** An export of so many lines; counts those that were read and that nobody has taken yet. */
function exporting(
  count: number,
  {
    failAt = Infinity,
    onPage = () => {},
    onWritten = () => {},
  }: Partial<{ failAt: number } & Record<'onPage' | 'onWritten', () => unknown>> = {},
) {
  const seen = { held: 0, most: 0, attempts: 0, told: [] as number[], written: undefined as string | undefined };
  let doc: Pick<ExportDoc, 'state' | 'written' | 'total' | 'expiresAt'> | null = {
    state: 'pending',
    expiresAt: new Date('2026-06-16T12:00:00Z'),
  };
  const change = (changes: Partial<ExportDoc>) => {
    if (doc?.state !== 'pending') return false;
    doc = { ...doc, ...changes };
    return true;
  };
  async function* pages(): AsyncGenerator<ExportPage> {
    for (let first = 0; first < count; first += PAGE) {
      if (first >= failAt) throw new Error('The database is away');
      const size = Math.min(PAGE, count - first);
      seen.held += size;
      seen.most = Math.max(seen.most, seen.held);
      onPage();
      yield { text: 'line\r\n'.repeat(size), count: size };
    }
  }
  const run = createExportRun({
    clock,
    open: async () => ({ head: 'head\r\n', total: count, pages: pages() }),
    exports: {
      begin: async () => ({ attempts: (seen.attempts += 1) }) as ExportDoc,
      letGo: async () => void (seen.attempts -= 1),
      byId: async () => doc as ExportDoc | null,
      tell: async (_id, changes) => (seen.told.push(changes.written ?? 0), change(changes)),
      finish: async (_id, changes) => change(changes),
    },
    files: {
      async write(_object, pieces) {
        let lines = -1;
        for await (const piece of pieces) {
          const more = Buffer.from(piece).toString().split('\r\n').length - 1;
          seen.held -= lines < 0 ? 0 : more;
          lines += more;
        }
        seen.written = String(lines);
        onWritten();
      },
      remove: async () => void (seen.written = undefined),
    },
  });
  return {
    run: (signal = new AbortController().signal) => run.run('x', signal),
    seen,
    doc: () => doc,
    sweep: () => void (doc = null),
    change,
  };
}

it.each([0, 1, PAGE, 2_050, 5_050])('of %i never holds more of them than a page', async (count) => {
  const { run, seen, doc } = exporting(count);
  await run();
  expect(seen.written).toBe(String(count));
  expect(seen.most).toBe(Math.min(count, PAGE));
  expect(doc()).toMatchObject({ state: 'done', written: count, total: count });
  expect(seen.told).toEqual(seen.told.toSorted((a, b) => a - b));
  expect(seen.told.length).toBe(Math.ceil(count / PAGE));
});

it('that can not read on writes no file, and is to be tried again', async () => {
  const { run, seen, doc } = exporting(1_000, { failAt: 500 });
  await expect(run()).rejects.toThrow('The database is away');
  expect(seen.written).toBeUndefined();
  expect(doc()).toMatchObject({ state: 'pending', written: 500, total: 1_000 });
  expect(seen.attempts).toBe(1);
});

it('of a worker that ends in order counts as no try', async () => {
  const ending = new AbortController();
  const { run, seen } = exporting(1_000, { onPage: () => ending.abort() });
  await expect(run(ending.signal)).rejects.toBeInstanceOf(PostponeError);
  expect(seen.written).toBeUndefined();
  expect(seen.attempts).toBe(0);
});

it('that the sweep removed meanwhile is written no further', async () => {
  const { run, seen, sweep } = exporting(1_000, { onPage: () => seen.told.length === 3 && sweep() });
  await run();
  expect(seen.written).toBeUndefined();
  expect(seen.told.length).toBe(4);
});

it('that the sweep removed while its file was put in place leaves no file', async () => {
  const { run, seen, sweep } = exporting(250, { onWritten: () => sweep() });
  await run();
  expect(seen.written).toBeUndefined();
});

it('that another worker did meanwhile keeps its file', async () => {
  const { run, seen, change, doc } = exporting(250, { onWritten: () => void change({ state: 'done' }) });
  await run();
  expect(seen.written).toBe('250');
  expect(doc()).toMatchObject({ state: 'done' });
});
