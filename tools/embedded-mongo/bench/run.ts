import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startEmbeddedMongo, type EmbeddedMongo } from '../src/index.ts';
import { duration, inTurns, median, type Round } from './measure.ts';
import { openSide, type Side } from './side.ts';
import {
  bulkInsert,
  findById,
  findBySlug,
  pageOfCategory,
  parallelTransactions,
  transaction,
  updateOne,
} from './work.ts';

export interface Figure {
  readonly work: string;
  readonly unit: 'ms' | 's' | '/s' | 'x BSON' | 'MB';
  readonly embedded: number;
  readonly reference?: number;
  /** What it has to reach: a figure of its own, or the most it may be of the reference. */
  readonly goal?: { readonly most: number } | { readonly ofReference: number };
}

interface Options {
  readonly documents: number;
  readonly rounds: number;
  readonly against: string | undefined;
  readonly dataDir: string;
  readonly progress: (text: string) => void;
}

/** Measures everything in one run. */
export async function runBench(options: Options): Promise<Figure[]> {
  const { documents, against, dataDir, progress } = options;
  const emptyStart = await startTime(path.join(dataDir, 'empty'), options.rounds);
  const folder = path.join(dataDir, 'full');
  let mongo = await startEmbeddedMongo({ dataDir: folder });
  const sides: Side[] = [];
  try {
    progress(`filling with ${documents} documents`);
    const own = await openSide(mongo.uri, documents);
    sides.push(own);
    const other = against === undefined ? null : await openSide(against, documents);
    if (other !== null) sides.push(other);
    const figures = await measureSides(own, other, options);
    figures.push(...(await memoryFigures(mongo, own)));
    await own.client.close();
    await mongo.stop();
    progress('starting with the data');
    const fullStart = await startTime(folder, options.rounds);
    mongo = await startEmbeddedMongo({ dataDir: folder });
    figures.push(
      { work: 'ready, empty', unit: 's', embedded: emptyStart, goal: { most: 0.6 } },
      { work: `ready, ${documents} documents`, unit: 's', embedded: fullStart, goal: { most: 3 } },
    );
    return figures;
  } finally {
    for (const { client } of sides.slice(1)) await client.db('mongo_bench').dropDatabase();
    await Promise.all(sides.map(({ client }) => client.close()));
    await mongo.stop();
  }
}

async function measureSides(
  own: Side,
  other: Side | null,
  { documents, rounds, progress }: Options,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const compare = async (work: string, unit: Figure['unit'], round: (side: Side) => Round, goal?: Figure['goal']) => {
    progress(work);
    const sides: Record<string, Round> = { embedded: round(own) };
    if (other !== null) sides['reference'] = round(other);
    const { embedded, reference } = await inTurns(rounds, sides);
    figures.push({
      work,
      unit,
      embedded: embedded!,
      ...(reference === undefined ? {} : { reference }),
      ...(goal === undefined ? {} : { goal }),
    });
  };
  await compare('find by _id', 'ms', (side) => findById(side, documents), { ofReference: 1 });
  await compare('find by an indexed field', 'ms', (side) => findBySlug(side, documents), { ofReference: 1 });
  await compare('indexed filter, sort, limit 20', 'ms', pageOfCategory, { ofReference: 1.5 });
  await compare('bulk insert of 10,000, three indexes', 's', (side) => bulkInsert(side), { ofReference: 1 });
  await compare('update of one document, durable', 'ms', (side) => updateOne(side, documents));
  const alone = async (work: string, unit: Figure['unit'], round: Round, goal?: Figure['goal']) => {
    progress(work);
    const { embedded } = await inTurns(rounds, { embedded: round });
    figures.push({ work, unit, embedded, ...(goal === undefined ? {} : { goal }) });
  };
  await alone('transaction of 1 read and 2 writes, durable', 'ms', transaction(own, documents), { most: 2 });
  await alone('such transactions of 200 clients at once', '/s', parallelTransactions(own, documents));
  return figures;
}

/** Seconds from the start of the process to its `ready`. */
async function startTime(dataDir: string, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let mongo: EmbeddedMongo | undefined;
    times.push(await duration(async () => (mongo = await startEmbeddedMongo({ dataDir }))));
    await mongo?.stop();
  }
  return median(times) / 1000;
}

async function memoryFigures(mongo: EmbeddedMongo, { client, products }: Side): Promise<Figure[]> {
  const db = client.db('mongo_bench');
  await db.collection('inserted').drop();
  await db.collection('orders').drop();
  const { mem } = await db.command({ serverStatus: 1 });
  const { size } = await db.command({ collStats: products.collectionName });
  const megabytes = size / 1048576;
  const resident = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${mongo.pid}/status`, 'utf8'))?.[1]) / 1024;
  return [
    { work: 'BSON of the products', unit: 'MB', embedded: megabytes },
    {
      work: 'live memory (heap and documents)',
      unit: 'x BSON',
      embedded: (mem.heapUsed + mem.buffers) / megabytes,
      goal: { most: 3 },
    },
    { work: 'resident memory', unit: 'x BSON', embedded: resident / megabytes },
  ];
}
