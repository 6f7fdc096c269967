import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { report } from './report.ts';
import { runBench } from './run.ts';

const USAGE = `Usage: npm run mongo-bench -- [options]

Measures the embedded MongoDB with a durable data folder, side by side with another server where one is given.

  --against URI   server to compare with; its database mongo_bench is filled and dropped
  --documents N   products in the collection (default 100000)
  --rounds N      rounds of each measurement, the sides taking turns (default 5)
  --data DIR      where a fresh data folder is made (default .cartwright)
  --json FILE     writes the figures
`;

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    documents: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    data: { type: 'string', default: path.resolve(import.meta.dirname, '../../../.cartwright') },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const documents = Number(values.documents);
const rounds = Number(values.rounds);
if (values.help || !(documents >= 1000) || !(rounds >= 1)) {
  console.error(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  mkdirSync(values.data, { recursive: true });
  const dataDir = mkdtempSync(path.join(values.data, 'mongo-bench-'));
  try {
    const figures = await runBench({ documents, rounds, against: values.against, dataDir, progress: console.error });
    console.log(report(figures));
    if (values.json !== undefined)
      writeFileSync(values.json, `${JSON.stringify({ documents, rounds, figures }, null, 2)}\n`);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
