/* A worker process for the tests of fences: says what it does on stdout, and goes on with its job when it is told to. */
import { createInterface } from 'node:readline';
import { createSilentLogger } from '@cartwright/platform-logger';
import { createMongo, sessionOption } from '@cartwright/platform-mongo';
import { createFences, createWorkers, type ProcessorsFor } from '../index.ts';
import { paymentJob } from './payment-job.ts';

const [mongoUri = '', redisUrl = '', prefix = '', lockMs = ''] = process.argv.slice(2);
const logger = createSilentLogger();
const mongo = await createMongo({ uri: mongoUri, logger });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const input = createInterface({ input: process.stdin });
// A test that fails half-way leaves nobody behind.
input.once('close', () => process.exit(1));
const told = (): Promise<void> => new Promise((resolve) => input.once('line', () => resolve()));

const jobs = [paymentJob] as const;
const processors: ProcessorsFor<typeof jobs> = {
  'payments.book': async ({ amount }, { fence, signal }) => {
    signal.addEventListener('abort', () => say('called off'));
    say('has it');
    await told();
    const effects = mongo.connection.collection<{ amount: number; by: number }>('effects');
    const booked = await fence.once('book', async (tx) => {
      await effects.insertOne({ amount, by: process.pid }, sessionOption(tx));
    });
    say(booked ? 'booked' : 'booked already');
    await fence.check().then(
      () => say('still mine'),
      (error: Error) => say(error.name),
    );
  },
};
const settings = { redisUrl, prefix, jobs, logger, concurrency: 1, lockMs: Number(lockMs) };
const workers = await createWorkers({ ...settings, processors, fences: createFences({ mongo }) });
say('ready');
process.once('SIGTERM', () => void workers.close().then(() => process.exit(0)));
