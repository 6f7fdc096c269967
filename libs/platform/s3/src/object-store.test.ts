import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { isDomainError } from '@cartwright/domain-errors';
import { startS3StandIn, type RunningS3StandIn } from '@cartwright/tool-s3-standin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNoObjectStore } from './no-object-store.ts';
import { createObjectStore, type ObjectStore } from './object-store.ts';

let s3: RunningS3StandIn;
let store: ObjectStore;

const settingsOf = ({ url, env }: RunningS3StandIn) => ({
  bucket: env.S3_BUCKET,
  region: env.S3_REGION,
  endpoint: url,
  credentials: { accessKeyId: env.S3_ACCESS_KEY_ID, secretAccessKey: env.S3_SECRET_ACCESS_KEY },
  publicUrl: `${url}/${env.S3_BUCKET}`,
});
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('base64');
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
/** Objects that were begun in parts, and neither completed nor given up. */
async function unfinished() {
  const { bucket, publicUrl: _publicUrl, ...client } = settingsOf(s3);
  const asking = new S3Client({ ...client, forcePathStyle: true });
  const { Uploads = [] } = await asking.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  asking.destroy();
  return Uploads;
}
const isAway = (error: unknown) => isDomainError(error, 'SERVICE_UNAVAILABLE');

beforeAll(async () => {
  s3 = await startS3StandIn();
  store = createObjectStore(settingsOf(s3));
});
afterAll(async () => {
  store.close();
  await s3.stop();
});

/** Signs an address for these bytes, and puts something to it. */
async function presigned(key: string, bytes: Buffer, expiresInSeconds = 60) {
  const terms = { key, contentType: 'image/png', size: bytes.byteLength, checksumSha256: sha256(bytes) };
  const { url, headers } = await store.presignPut({ ...terms, expiresInSeconds });
  return {
    url,
    put: async (body: Buffer, change: { url?: string; headers?: Record<string, string> } = {}) => {
      const answer = await fetch(change.url ?? url, {
        method: 'PUT',
        headers: { ...headers, ...change.headers },
        body,
      });
      return { status: answer.status, code: /<Code>(\w+)</.exec(await answer.text())?.[1] };
    },
  };
}

describe('an address to put to', () => {
  it('takes exactly what it was signed for', async () => {
    const bytes = randomBytes(1_000);
    const { put } = await presigned('private/a b/ü+1.png', bytes);
    expect(await store.head('private/a b/ü+1.png')).toBeNull();
    expect(await put(bytes)).toEqual({ status: 200, code: undefined });
    expect(await store.head('private/a b/ü+1.png')).toEqual({ size: 1_000, contentType: 'image/png' });
    expect(await store.read('private/a b/ü+1.png', { maxBytes: 1_000 })).toEqual(bytes);
  });

  it('takes no other size, bytes, type, checksum or key, and nothing unsigned beside it', async () => {
    const bytes = randomBytes(100);
    const { url, put } = await presigned('private/bound', bytes);
    const wrong = 'SignatureDoesNotMatch';
    expect((await put(randomBytes(101))).code).toBe(wrong);
    expect((await put(randomBytes(100))).code).toBe('BadDigest');
    expect((await put(bytes, { headers: { 'content-type': 'text/html' } })).code).toBe(wrong);
    const other = randomBytes(100);
    expect((await put(other, { headers: { 'x-amz-checksum-sha256': sha256(other) } })).code).toBe(wrong);
    expect((await put(bytes, { headers: { 'x-amz-acl': 'public-read' } })).code).toBe('AccessDenied');
    expect((await put(bytes, { url: url.replace('/private/bound', '/public/bound') })).code).toBe(wrong);
    expect((await put(bytes, { url: url.replace('Expires=60', 'Expires=600') })).code).toBe(wrong);
    const unsigned = await fetch(url.split('?')[0] ?? '', { method: 'PUT', body: bytes });
    expect(unsigned.status).toBe(403);
    expect(await store.head('private/bound')).toBeNull();
    expect(await store.head('public/bound')).toBeNull();
  });

  it('ends', async () => {
    const bytes = randomBytes(10);
    const { put } = await presigned('private/late', bytes, 1);
    await expect.poll(async () => (await put(bytes)).code, { timeout: 5_000 }).toBe('AccessDenied');
  });

  it('is no address to read from or to remove with', async () => {
    const bytes = randomBytes(10);
    const { url, put } = await presigned('private/kept', bytes);
    await put(bytes);
    for (const method of ['GET', 'DELETE']) expect((await fetch(url, { method })).status).toBe(403);
    expect(await store.head('private/kept')).not.toBeNull();
  });
});

describe('objects', () => {
  it('are read by anybody below public/ alone', async () => {
    const body = Buffer.from('hello');
    for (const key of ['public/x.txt', 'private/x.txt']) await store.put({ key, body, contentType: 'text/plain' });
    const open = await fetch(store.publicUrl('public/x.txt'));
    expect([open.status, open.headers.get('content-type'), await open.text()]).toEqual([200, 'text/plain', 'hello']);
    const base = store.publicUrl('public/x.txt').replace('/public/x.txt', '');
    expect((await fetch(`${base}/private/x.txt`)).status).toBe(403);
    expect((await fetch(`${base}/?list-type=2`)).status).toBe(403);
    // Neither way of writing a path leads from the one to the other.
    expect((await fetch(`${base}/public/%2e%2e/private/x.txt`)).status).toBeGreaterThan(400);
    expect(() => store.publicUrl('private/x.txt')).toThrow(/not public/);
  });

  it('are downloaded under a name with a signed address', async () => {
    await store.put({ key: 'private/report', body: Buffer.from('a;b'), contentType: 'text/csv' });
    const url = await store.presignGet({ key: 'private/report', filename: 'Größe "1".csv', expiresInSeconds: 60 });
    const answer = await fetch(url);
    expect(await answer.text()).toBe('a;b');
    expect(answer.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.csv",
    );
  });

  it('are read up to a size', async () => {
    await store.put({ key: 'private/big', body: randomBytes(200_000), contentType: 'x/y' });
    await expect(store.read('private/big', { maxBytes: 199_999 })).rejects.toThrow(RangeError);
    expect((await store.read('private/big', { maxBytes: 200_000 }))?.byteLength).toBe(200_000);
    expect(await store.read('private/none', { maxBytes: 1 })).toBeNull();
  });

  it('are listed over all pages, and removed, once or twice', async () => {
    const keys = Array.from({ length: 205 }, (_, index) => `list/${String(index).padStart(4, '0')}`);
    for (let start = 0; start < keys.length; start += 20) {
      const some = keys.slice(start, start + 20);
      await Promise.all(some.map((key) => store.put({ key, body: Buffer.from(key), contentType: 'x/y' })));
    }
    const listed = await all(store.list('list/'));
    expect(listed.map(({ key }) => key)).toEqual(keys);
    expect(listed[0]).toMatchObject({ size: 9, modifiedAt: expect.any(Date) });
    for (let time = 0; time < 2; time += 1) await store.remove('list/0000');
    expect((await all(store.list('list/000'))).map(({ key }) => key)).not.toContain('list/0000');
  });
});

describe('an object of many pieces', () => {
  const key = 'private/long';
  const object = { key, contentType: 'text/csv' };
  const piece = (place: number) => Buffer.alloc(1_024 * 1_024, place);
  /** So many pieces of a megabyte; `told` hears of each before it is asked for. */
  async function* pieces(count: number, told: (place: number) => void = () => undefined) {
    for (let place = 0; place < count; place += 1) {
      told(place);
      yield piece(place);
    }
  }

  it.each([0, 1, 8, 9])('is whole, of %i', async (count) => {
    await store.write(object, pieces(count));
    const whole = Buffer.concat(Array.from({ length: count }, (_, place) => piece(place)));
    expect(await store.head(key)).toEqual({ size: whole.byteLength, contentType: 'text/csv' });
    expect((await store.read(key, { maxBytes: 30e6 }))?.equals(whole)).toBe(true);
    expect(await unfinished()).toEqual([]);
  });

  it('that come to no end is not there at all, and the one before stays', async () => {
    await store.put({ ...object, body: Buffer.from('before') });
    let underWay: unknown[] = [];
    const watched = (async function* () {
      for (let place = 0; place < 10; place += 1) yield piece(place);
      underWay = await unfinished();
      throw new TypeError('no more');
    })();
    await expect(store.write(object, watched)).rejects.toThrow(new TypeError('no more'));
    expect(underWay).toMatchObject([{ Key: key }]);
    expect((await store.read(key, { maxBytes: 100 }))?.toString()).toBe('before');
    expect(await unfinished()).toEqual([]);
  });

  it('is whole also where the store is long silent while it puts the parts together', async () => {
    let completed = 0;
    const slow = createServer((request, response) => {
      const isLast = request.method === 'POST' && request.url?.includes('uploadId=') === true;
      if (isLast) completed += 1;
      request.resume().on('end', () => {
        const answer = () => {
          response.writeHead(200, { etag: '"x"', 'content-type': 'application/xml' });
          response.end(request.method === 'PUT' ? '' : '<R><UploadId>u</UploadId><ETag>"x"</ETag></R>');
        };
        if (isLast) setTimeout(answer, 2_500);
        else answer();
      });
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const { port } = slow.address() as AddressInfo;
    const sender = createObjectStore({ ...settingsOf(s3), endpoint: `http://127.0.0.1:${port}`, patienceMs: 1_000 });
    await sender.write(object, pieces(8));
    expect(completed).toBe(1);
    sender.close();
    slow.closeAllConnections();
    slow.close();
  });

  it('is sent part by part, no piece being asked for before those of the last part have arrived', async () => {
    const arrived: number[] = [];
    const slow = createServer((request, response) => {
      let size = 0;
      request.on('data', (chunk: Buffer) => (size += chunk.byteLength));
      request.on('end', () => {
        if (request.method === 'PUT') arrived.push(size);
        response.writeHead(200, { etag: '"x"', 'content-type': 'application/xml' });
        response.end(request.method === 'PUT' ? '' : '<R><UploadId>u</UploadId></R>');
      });
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const { port } = slow.address() as AddressInfo;
    const sender = createObjectStore({ ...settingsOf(s3), endpoint: `http://127.0.0.1:${port}` });
    let most = 0;
    const sent = () => arrived.reduce((sum, size) => sum + size, 0) / piece(0).byteLength;
    await sender.write(
      object,
      pieces(18, (place) => (most = Math.max(most, place - sent()))),
    );
    expect(arrived).toHaveLength(3);
    expect(sent()).toBe(18);
    expect(most).toBe(7);
    sender.close();
    slow.close();
  });
});

describe('a store', () => {
  it('that has other credentials, or is away, is one that can not be had now', async () => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'wrong' };
    const stranger = createObjectStore({ ...settingsOf(s3), credentials });
    await expect(stranger.head('private/x.txt')).rejects.toSatisfy(isAway);
    await expect(stranger.put({ key: 'private/y', body: Buffer.from('y'), contentType: 'x/y' })).rejects.toSatisfy(
      isAway,
    );
    const none = createObjectStore({ ...settingsOf(s3), endpoint: 'http://127.0.0.1:1' });
    await expect(none.read('private/x.txt', { maxBytes: 10 })).rejects.toSatisfy(isAway);
    for (const each of [stranger, none]) each.close();
  });

  it('that takes a call and says nothing, before its answer or within it, is waited for no longer than that', async () => {
    const silent = createServer((request, response) => {
      request.resume();
      if (request.url?.includes('begun')) response.writeHead(200, { 'content-length': '100' }).write('a');
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const patient = createObjectStore({ ...settingsOf(s3), endpoint: `http://127.0.0.1:${port}`, patienceMs: 100 });
    await expect(patient.head('private/x')).rejects.toSatisfy(isAway);
    await expect(patient.put({ key: 'x', body: Buffer.from('x'), contentType: 'x/y' })).rejects.toSatisfy(isAway);
    await expect(patient.read('private/begun', { maxBytes: 100 })).rejects.toSatisfy(isAway);
    patient.close();
    silent.closeAllConnections();
    silent.close();
  });

  it('that a shop does not have refuses all, and holds nothing', async () => {
    const none = createNoObjectStore();
    await expect(none.head('x')).rejects.toSatisfy(isAway);
    expect(await all(none.list('x'))).toEqual([]);
  });
});
