import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../src/index.ts';
import { allCases } from './cases/index.ts';
import { compareServers, type Comparison } from './compare.ts';

const USAGE = `Usage: npm run mongo-diff -- URI_OF_REFERENCE [URI_UNDER_TEST] [options]

Runs every case on both servers and compares what they answer. Without a second URI an embedded server is started.

  --only TEXT   cases whose name holds the text
  --json FILE   writes all results
  --tolerate N  lets so many differences pass (default 0)
  --list        names the cases and ends

Ends with 1 when more answers differ for no reason that is known, with 2 for wrong arguments.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    tolerate: { type: 'string', default: '0' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const chosen = allCases().filter(({ name }) => values.only === undefined || name.includes(values.only));
const [reference, subject] = positionals;
if (values.list) console.log(chosen.map(({ name }) => name).join('\n'));
else if (values.help || reference === undefined || positionals.length > 2 || chosen.length === 0) {
  console.error(chosen.length === 0 ? `no case is called ${values.only}` : USAGE);
  process.exitCode = values.help ? 0 : 2;
} else process.exitCode = await run(reference, subject);

async function run(referenceUri: string, subjectUri: string | undefined): Promise<number> {
  const own = subjectUri === undefined ? await startEmbeddedMongo() : null;
  const clients = [referenceUri, subjectUri ?? own?.uri ?? ''].map(
    (uri) => new MongoClient(uri, { serverSelectionTimeoutMS: 5000 }),
  );
  try {
    const comparison = await compareServers({ reference: clients[0]!, subject: clients[1]!, cases: chosen });
    report(comparison);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(comparison, null, 2)}\n`);
    return comparison.results.filter(({ outcome }) => outcome === 'different').length > Number(values.tolerate) ? 1 : 0;
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await own?.stop();
  }
}

function report({ results, versions }: Comparison): void {
  const of = (outcome: string) => results.filter((result) => result.outcome === outcome);
  for (const { name, differences } of of('different')) {
    console.log(`DIFFERENT ${name}`);
    for (const { at, reference, subject } of differences ?? []) {
      console.log(`  command ${at + 1} reference  ${reference}\n  command ${at + 1} under test ${subject}`);
    }
  }
  for (const { name, reason } of of('known')) console.log(`known      ${name}: ${reason}`);
  for (const { name, reason } of of('skipped')) console.log(`skipped    ${name}: ${reason}`);
  console.log(
    `${results.length} cases, reference ${versions.reference}, under test ${versions.subject}: ${of('same').length} the same, ` +
      `${of('known').length} different for a known reason, ${of('skipped').length} skipped, ${of('different').length} different`,
  );
}
