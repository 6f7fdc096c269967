import { CsvFormatError, readCsv } from '@cartwright/platform-documents';
import { PROBLEMS_KEPT, readHead, type CsvHead, type CsvProblem } from './csv-columns.ts';
import { createProductCollector, type CsvProduct } from './csv-products.ts';

/** Rows of a file, its head aside. */
export const CSV_ROWS_MAX = 100_000;
const ROW_LENGTH_MAX = 200_000;

/** What is wrong with a file: the first problems, and how many there are. */
export function createProblemList() {
  const kept: CsvProblem[] = [];
  let count = 0;
  return {
    add: (problem: CsvProblem): void => {
      count += 1;
      if (kept.length < PROBLEMS_KEPT) kept.push(problem);
    },
    /** One that says more than all the others. */
    addFirst: (problem: CsvProblem): void => {
      count += 1;
      kept.unshift(problem);
      kept.splice(PROBLEMS_KEPT);
    },
    /** By line. */
    kept: (): CsvProblem[] => kept.toSorted((a, b) => a.line - b.line),
    count: (): number => count,
  };
}

export type ProblemList = ReturnType<typeof createProblemList>;

/** Reads a file of products as far as that can be done without looking at the shop. */
export async function readProducts(
  bytes: Uint8Array,
  { currency, problems }: { currency: string; problems: ProblemList },
): Promise<{ rows: number; products: CsvProduct[] }> {
  let head: CsvHead | undefined;
  let collector: ReturnType<typeof createProductCollector> | undefined;
  let rows = 0;
  try {
    // One more than may be: that tells a full file from one that is too long.
    for await (const row of readCsv(bytes, { rows: CSV_ROWS_MAX + 1, rowLength: ROW_LENGTH_MAX })) {
      if (!head) {
        const read = readHead(row.cells);
        head = read.head;
        read.problems.forEach(problems.add);
        // What stands below such a head means nothing.
        if (read.problems.length > 0) return { rows: 0, products: [] };
        collector = createProductCollector({ head, currency, onProblem: problems.add });
        continue;
      }
      rows += 1;
      collector?.add(row);
    }
  } catch (error) {
    if (!(error instanceof CsvFormatError)) throw error;
    problems.addFirst({ line: error.line, column: '', message: error.message });
    return { rows, products: [] };
  }
  if (rows === 0 && problems.count() === 0) problems.add({ line: 1, column: '', message: 'The file has no rows' });
  return { rows, products: collector?.products() ?? [] };
}
