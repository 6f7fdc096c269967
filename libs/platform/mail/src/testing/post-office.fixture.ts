import { collectingLogger, freePort, testMongo, testRedis, type TestMongo } from '@cartwright/testkit';
import { createSilentLogger } from '@cartwright/platform-logger';
import { createFences, createQueues, createWorkers } from '@cartwright/platform-queue';
import { z } from 'zod';
import { createMailDelivery } from '../delivery.ts';
import { mailJobs } from '../mail-jobs.ts';
import { mailRows } from '../mail-rows.ts';
import { createMailer } from '../mailer.ts';
import { createMails } from '../mails.ts';
import { anyMail, defineMail } from '../template.ts';

export const greeting = defineMail({
  name: 'greeting',
  data: z.object({ name: z.string() }),
  compose: ({ name }, shop) => ({
    subject: `${shop.name} greets you`,
    heading: `Hello ${name}`,
    blocks: [{ kind: 'button', label: 'Go', path: '/' }],
  }),
});

type DeliveryOptions = Partial<Parameters<typeof createMailDelivery>[0]>;

const silent = createSilentLogger();
const shop = { name: 'Cartwright', webUrl: 'https://shop.test', locale: 'en-US' };

/** Mail with a database, queues and a mail server's port of its own; workers and delivery as a test wants them. */
export async function openPostOffice() {
  const db: TestMongo = await testMongo();
  const cache = await testRedis();
  const { mongo } = db;
  const clock = () => new Date();
  const settings = { redisUrl: cache.url, prefix: cache.prefix, jobs: mailJobs, logger: silent };
  const queues = createQueues(settings);
  const port = await freePort();
  const { logger, lines } = collectingLogger();
  const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'Cartwright <shop@cartwright.test>' });
  const mails = createMails({ mongo, queues, logger: silent, clock });
  await mails.ensureIndexes();
  const started: { close(): Promise<void> }[] = [];

  const deliveryWith = (options: DeliveryOptions = {}) =>
    createMailDelivery({
      ...{ mongo, mailer, queues, shop, clock, logger, templates: [anyMail(greeting)] },
      ...{ firstWaitMs: 30, longestWaitMs: 100, sweepGraceMs: 0 },
      ...options,
    });

  return {
    mongo,
    cache,
    queues,
    mails,
    /** Where its mail server has to listen. */
    port,
    lines,
    deliveryWith,
    row: (key: string) => mailRows(mongo).findOne({ _id: key }),
    write: (key: string, to = `${key}@example.test`) =>
      mongo.transaction((tx) => mails.write(tx, { template: greeting, key, to, data: { name: 'Ada' } })),
    async startWorker(options: DeliveryOptions = {}) {
      const delivery = deliveryWith(options);
      const workers = await createWorkers({
        ...settings,
        concurrency: 5,
        fences: createFences({ mongo }),
        processors: {
          'mail.deliver': delivery.deliver,
          'mail.sweep': async () => void (await delivery.sweep()),
        },
      });
      started.push(workers);
      return delivery;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(started.map((workers) => workers.close()));
      mailer.close();
      await queues.close();
      await cache[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}
