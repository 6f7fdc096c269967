import { fixedClock } from '@cartwright/testkit';
import { PostponeError } from '@cartwright/platform-queue';
import { describe, expect, it, vi } from 'vitest';
import { mailRows } from './mail-rows.ts';
import { anyMail } from './template.ts';
import { startMailServer } from './testing/mail-server.fixture.ts';
import { greeting, openPostOffice } from './testing/post-office.fixture.ts';

const PATIENCE = { timeout: 10_000, interval: 20 };

describe('a written mail', () => {
  it('is sent as text and HTML, and its contents are kept no longer', async () => {
    await using office = await openPostOffice();
    await using server = await startMailServer({ port: office.port });
    await office.startWorker();
    await office.write('welcome:1', 'ada@example.test');
    await expect.poll(() => office.row('welcome:1'), PATIENCE).toMatchObject({ status: 'sent', attempts: 1 });
    const row = await office.row('welcome:1');
    expect(Object.keys(row ?? {}).sort()).toEqual([
      '_id',
      'attempts',
      'createdAt',
      'expiresAt',
      'sentAt',
      'status',
      'template',
    ]);
    expect(server.received).toMatchObject([{ to: 'ada@example.test' }]);
    expect(server.received[0]?.source).toMatch(
      /multipart\/alternative[^]*text\/plain[^]*Hello Ada[^]*text\/html[^]*Hello Ada/,
    );
    expect(await office.mails.lag()).toEqual({ open: 0, oldestMs: 0, failed: 0 });
  });

  it('is none when its transaction fails, and one however often it is written', async () => {
    await using office = await openPostOffice();
    await using server = await startMailServer({ port: office.port });
    const failing = office.mongo.transaction(async (tx) => {
      await office.mails.write(tx, { template: greeting, key: 'lost', to: 'a@example.test', data: { name: 'A' } });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await office.startWorker();
    await Promise.all(Array.from({ length: 20 }, () => office.write('once')));
    await expect.poll(() => office.row('once'), PATIENCE).toMatchObject({ status: 'sent' });
    await office.write('once');
    await office.write('last');
    await expect.poll(() => office.row('last'), PATIENCE).toMatchObject({ status: 'sent' });
    expect(server.received.map(({ to }) => to)).toEqual(['once@example.test', 'last@example.test']);
    expect(await office.row('lost')).toBeNull();
  });

  it('arrives once the mail server is back, though Redis was wiped meanwhile', async () => {
    await using office = await openPostOffice();
    const delivery = await office.startWorker({ firstWaitMs: 60_000, longestWaitMs: 60_000 });
    await office.write('patient');
    await expect.poll(() => office.row('patient'), PATIENCE).toMatchObject({ status: 'pending', attempts: 1 });
    expect((await office.row('patient'))?.lastError).toContain('ECONNREFUSED');
    await expect.poll(async () => (await office.queues.counts())['mail']?.delayed, PATIENCE).toBe(1);

    const { client } = office.cache.redis;
    await client.unlink(...(await client.keys(`${office.cache.prefix}:*`)));
    await using server = await startMailServer({ port: office.port });
    // Its time has come.
    await mailRows(office.mongo).updateOne({ _id: 'patient' }, { $set: { dueAt: new Date(0) } });
    expect(await delivery.sweep()).toBe(1);
    await expect.poll(() => office.row('patient'), PATIENCE).toMatchObject({ status: 'sent', attempts: 2 });
    expect(server.received).toHaveLength(1);
    expect(await delivery.sweep()).toBe(0);
  });

  it('is tried again by itself until the mail server takes it', async () => {
    await using office = await openPostOffice();
    let refusals = 3;
    await using server = await startMailServer({ port: office.port, answer: () => (refusals-- > 0 ? 451 : undefined) });
    await office.startWorker();
    await office.write('again');
    await expect.poll(() => office.row('again'), PATIENCE).toMatchObject({ status: 'sent', attempts: 4 });
    expect(server.received).toHaveLength(1);
  });

  it('is given up when the mail server refuses it for good, while others flow; a retry by hand tries it again', async () => {
    await using office = await openPostOffice();
    let mood = 550;
    const answer = (to: string) => (to.startsWith('nobody') && mood > 0 ? mood : undefined);
    await using server = await startMailServer({ port: office.port, answer });
    await office.startWorker();
    await office.write('first');
    await office.write('bad', 'nobody@example.test');
    await office.write('strange', 'a@example.test, b@example.test');
    await office.write('second');
    for (const key of ['bad', 'strange']) {
      await expect.poll(() => office.row(key), PATIENCE).toMatchObject({ status: 'failed', attempts: 1 });
    }
    await expect.poll(() => office.row('second'), PATIENCE).toMatchObject({ status: 'sent' });
    expect((await office.row('bad'))?.lastError).toBe('The mail server refused the mail (550).');
    expect(office.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        facts: { alert: 'mail_failed', mail: 'bad', template: 'greeting', attempts: 1 },
      }),
    );
    expect(JSON.stringify(office.lines)).not.toContain('nobody@');
    expect(await office.mails.lag()).toMatchObject({ open: 0, failed: 2 });
    await expect.poll(async () => (await office.queues.counts())['mail']?.failed, PATIENCE).toBe(2);

    mood = 0;
    const { items } = await office.queues.deadLetters('mail', { limit: 10 });
    const letter = items.find(({ payload }) => JSON.stringify(payload).includes('bad'));
    expect(await office.queues.retry('mail', [letter?.id ?? ''])).toBe(1);
    await expect.poll(() => office.row('bad'), PATIENCE).toMatchObject({ status: 'sent', attempts: 2 });
    expect(server.received.map(({ to }) => to).sort()).toEqual([
      'first@example.test',
      'nobody@example.test',
      'second@example.test',
    ]);
  });

  it('is given up after so many tries', async () => {
    await using office = await openPostOffice();
    await office.startWorker({ attemptsMax: 3 });
    await office.write('hopeless');
    await expect.poll(() => office.row('hopeless'), PATIENCE).toMatchObject({ status: 'failed', attempts: 3 });
  });

  it('waits for a worker that knows its template', async () => {
    await using office = await openPostOffice();
    await using server = await startMailServer({ port: office.port });
    const older = office.deliveryWith({ templates: [] });
    await office.write('newer');
    await older.deliver({ mailId: 'newer', attempt: 0 });
    expect(await office.row('newer')).toMatchObject({ status: 'pending', lastError: 'There is no template greeting' });
    await office.startWorker();
    await expect.poll(() => office.row('newer'), PATIENCE).toMatchObject({ status: 'sent' });
    expect(server.received).toHaveLength(1);
  });
});

describe('several workers', () => {
  it('send a mail once, however many have a job for it', async () => {
    await using office = await openPostOffice();
    await using server = await startMailServer({ port: office.port });
    await office.write('popular');
    const workers = Array.from({ length: 20 }, () => office.deliveryWith());
    await Promise.allSettled(workers.map((worker) => worker.deliver({ mailId: 'popular', attempt: 0 })));
    // A job that comes late.
    await office.deliveryWith().deliver({ mailId: 'popular', attempt: 1 });
    expect(await office.row('popular')).toMatchObject({ status: 'sent', attempts: 1 });
    expect(server.received).toHaveLength(1);
  });

  it('one that was halted past its lease does not send what another has sent', async () => {
    await using office = await openPostOffice();
    await using server = await startMailServer({ port: office.port });
    await office.write('slow');
    const clock = fixedClock(new Date(Date.now() + 1_000).toISOString());
    const other = office.deliveryWith({ clock });
    const send = vi.fn();
    const halted = office.deliveryWith({
      clock,
      leaseMs: 60_000,
      mailer: { send },
      // It is halted between taking the mail and sending it, for longer than its lease.
      templates: [
        { ...anyMail(greeting), compose: (...given) => (clock.advance(61_000), anyMail(greeting).compose(...given)) },
      ],
    });
    await halted.deliver({ mailId: 'slow', attempt: 0 });
    expect(send).not.toHaveBeenCalled();
    expect(await other.sweep()).toBe(1);
    await other.deliver({ mailId: 'slow', attempt: 1 });
    expect(await office.row('slow')).toMatchObject({ status: 'sent', attempts: 2 });
    expect(server.received).toHaveLength(1);
  });

  it('come back to the mail of one that died with it, without a sweep', async () => {
    await using office = await openPostOffice();
    await using server = await startMailServer({ port: office.port });
    await office.write('orphan');
    const held = { status: 'sending', lease: 'dead', attempts: 1, dueAt: new Date(Date.now() + 1_500) } as const;
    await mailRows(office.mongo).updateOne({ _id: 'orphan' }, { $set: held });
    await expect(office.deliveryWith().deliver({ mailId: 'orphan', attempt: 0 })).rejects.toThrow(PostponeError);
    await office.startWorker();
    await expect.poll(() => office.row('orphan'), PATIENCE).toMatchObject({ status: 'sent', attempts: 2 });
    expect(server.received).toHaveLength(1);
  });

  it('leave a mail alone that takes longer than a lease to be sent', async () => {
    await using office = await openPostOffice();
    await office.write('long');
    const over = Promise.withResolvers<void>();
    const send = vi.fn(() => over.promise);
    const sending = office.deliveryWith({ leaseMs: 600, mailer: { send } }).deliver({ mailId: 'long', attempt: 0 });
    await vi.waitFor(() => expect(send).toHaveBeenCalled(), 10_000);
    const taken = await office.row('long');
    // Renewed past the end of the first lease.
    await expect
      .poll(async () => (await office.row('long'))?.dueAt?.getTime(), PATIENCE)
      .toBeGreaterThan((taken?.dueAt?.getTime() ?? 0) + 600);
    await expect(office.deliveryWith().deliver({ mailId: 'long', attempt: 1 })).rejects.toThrow(PostponeError);
    over.resolve();
    await sending;
    expect(await office.row('long')).toMatchObject({ status: 'sent', attempts: 1 });
  });

  it('send the mail of one that died, under the same Message-ID', async () => {
    await using office = await openPostOffice();
    await using server = await startMailServer({ port: office.port });
    const delivery = office.deliveryWith();
    await office.write('twice');
    await delivery.deliver({ mailId: 'twice', attempt: 0 });
    // As if the worker had died before it took note of the server's yes.
    await mailRows(office.mongo).updateOne(
      { _id: 'twice' },
      {
        $set: { status: 'sending', lease: 'dead', dueAt: new Date(0), to: 'twice@example.test', data: { name: 'Ada' } },
      },
    );
    expect(await delivery.sweep()).toBe(1);
    await delivery.deliver({ mailId: 'twice', attempt: 1 });
    const [first, second] = server.received;
    expect(server.received).toHaveLength(2);
    expect(second?.messageId).toBe(first?.messageId);
    expect(first?.messageId).toMatch(/^<[0-9a-f]{40}@cartwright\.test>$/);
  });
});
