import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cartwright } from './client.ts';
import { UploadError } from './upload-error.ts';
import { uploadFile } from './upload-file.ts';

type State = 'uploaded' | 'verifying' | 'ready' | 'rejected';

let store: Server;
let url: string;
/** What arrived, and what the store answers. */
let received: { headers: Record<string, unknown>; body: Buffer } | undefined;
let answer: () => number;
let calls: string[];

beforeEach(async () => {
  [received, answer, calls] = [undefined, () => 200, []];
  store = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received = { headers: request.headers, body: Buffer.concat(chunks) };
      response.writeHead(answer()).end();
    });
  });
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(store.address() as AddressInfo).port}/put`;
});
afterEach(() => {
  store.closeAllConnections();
  store.close();
});

/** A shop that goes through these states, one with each look. */
function shop(states: State[], rejection?: string): Pick<Cartwright, 'api'> {
  const next = () => ({ uploadId: 'u1', state: states.shift() ?? 'ready', rejection });
  const call =
    (name: string, result: () => unknown) =>
    async (input: unknown): Promise<unknown> => {
      calls.push(name);
      if (name === 'presign') calls.push(JSON.stringify(input));
      return result();
    };
  const api = {
    uploads: {
      presign: { mutate: call('presign', () => ({ uploadId: 'u1', url, headers: { 'content-type': 'image/png' } })) },
      complete: { mutate: call('complete', next) },
      status: { query: call('status', next) },
      abort: { mutate: call('abort', () => ({})) },
    },
  };
  return { api } as unknown as Pick<Cartwright, 'api'>;
}
const file = new Blob(['hello'], { type: 'image/png' });

describe('uploadFile', () => {
  it('announces the file, puts it, and waits until it was looked at', async () => {
    const shares: number[] = [];
    const done = await uploadFile(shop(['uploaded', 'verifying', 'ready']), file, {
      purpose: 'product_image',
      onProgress: (share) => shares.push(share),
    });
    expect(done).toMatchObject({ uploadId: 'u1', state: 'ready' });
    expect(JSON.parse(calls[1] ?? '')).toEqual({
      ...{ purpose: 'product_image', contentType: 'image/png', size: 5 },
      checksumSha256: createHash('sha256').update('hello').digest('base64'),
    });
    expect(received).toMatchObject({ headers: { 'content-type': 'image/png' }, body: Buffer.from('hello') });
    expect(shares.at(-1)).toBe(1);
    expect(calls.filter((name) => !name.startsWith('{'))).toEqual(['presign', 'complete', 'status', 'status']);
  });

  it('tells why a file was rejected', async () => {
    const refused = uploadFile(shop(['uploaded', 'rejected'], 'too_many_pixels'), file, { purpose: 'product_image' });
    await expect(refused).rejects.toMatchObject({ code: 'rejected', rejection: 'too_many_pixels' });
    expect(calls).not.toContain('abort');
  });

  it('gives the upload up when its store refuses the file, or is away', async () => {
    answer = () => 403;
    await expect(uploadFile(shop([]), file, { purpose: 'product_image' })).rejects.toMatchObject({ code: 'refused' });
    url = 'http://127.0.0.1:1/put';
    await expect(uploadFile(shop([]), file, { purpose: 'product_image' })).rejects.toBeInstanceOf(UploadError);
    expect(calls.filter((name) => name === 'abort')).toHaveLength(2);
    expect(calls).not.toContain('complete');
  });

  it('is given up by its signal, before, on the way and while it waits', async () => {
    const reason = new Error('enough');
    const before = uploadFile(shop([]), file, { purpose: 'product_image', signal: AbortSignal.abort(reason) });
    await expect(before).rejects.toBe(reason);
    expect(calls).toEqual([]);

    const onTheWay = new AbortController();
    answer = () => {
      onTheWay.abort(reason);
      return 200;
    };
    const sending = uploadFile(shop([]), file, { purpose: 'product_image', signal: onTheWay.signal });
    await expect(sending).rejects.toBe(reason);
    expect(calls.at(-1)).toBe('abort');

    answer = () => 200;
    const waiting = new AbortController();
    const states = Array.from({ length: 50 }, (): State => 'verifying');
    const upload = uploadFile(shop(states), file, { purpose: 'product_image', signal: waiting.signal });
    await expect.poll(() => calls.includes('status')).toBe(true);
    waiting.abort(reason);
    await expect(upload).rejects.toBe(reason);
    expect(calls.at(-1)).toBe('abort');
  });
});
