import { expect, it } from 'vitest';
import { createMultipart } from './multipart.ts';
import { createObjectFiles } from './object-files.ts';
import { S3Error, type S3ErrorCode } from './s3-error.ts';

const LARGE = Buffer.alloc(5 * 1_024 * 1_024, 'x');
const about = { contentType: 'text/plain' };
const refusal = (work: () => unknown): S3ErrorCode | 'none' => {
  try {
    work();
    return 'none';
  } catch (error) {
    if (error instanceof S3Error) return error.code;
    throw error;
  }
};
const listing = (...parts: [number, string][]): string =>
  parts.map(([number, etag]) => `<Part><ETag>"${etag}"</ETag><PartNumber>${number}</PartNumber></Part>`).join('');

it('makes an object of its parts when they are completed, and refuses what S3 refuses', () => {
  const objects = createObjectFiles({ dataDir: null });
  const { begin, putPart, complete, abort, list } = createMultipart(objects);
  const id = begin('a', about);
  const first = putPart(id, 'a', { number: 1, bytes: LARGE });
  const small = putPart(id, 'a', { number: 2, bytes: Buffer.from('y') });
  const last = putPart(id, 'a', { number: 3, bytes: Buffer.from('z') });
  expect(refusal(() => complete(id, 'b', listing([1, first])))).toBe('NoSuchUpload');
  expect(refusal(() => complete(id, 'a', ''))).toBe('MalformedXML');
  expect(refusal(() => complete(id, 'a', listing([1, small])))).toBe('InvalidPart');
  expect(refusal(() => complete(id, 'a', listing([4, first])))).toBe('InvalidPart');
  expect(refusal(() => complete(id, 'a', listing([3, last], [1, first])))).toBe('EntityTooSmall');
  expect(refusal(() => complete(id, 'a', listing([1, first], [1, first])))).toBe('InvalidPartOrder');
  expect(refusal(() => complete(id, 'a', listing([1, first], [2, small], [3, last])))).toBe('EntityTooSmall');
  expect(refusal(() => putPart(id, 'a', { number: 0, bytes: LARGE }))).toBe('InvalidArgument');
  expect(objects.facts('a')).toBeUndefined();
  expect(complete(id, 'a', listing([1, first], [3, last]))).toMatchObject({ size: LARGE.byteLength + 1, ...about });
  expect(objects.bytes('a').subarray(-2).toString()).toBe('xz');
  expect(refusal(() => abort(id, 'a'))).toBe('NoSuchUpload');

  const other = begin('c', about);
  expect(list()).toEqual([{ id: other, key: 'c' }]);
  abort(other, 'c');
  expect(list()).toEqual([]);
});
