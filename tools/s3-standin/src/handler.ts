import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './body.ts';
import { createCors } from './cors.ts';
import { createMultipart } from './multipart.ts';
import type { ObjectFacts, ObjectFiles } from './object-files.ts';
import { S3Error } from './s3-error.ts';
import { checkSignature, type SigningKey } from './signature.ts';
import { element, xmlDocument } from './xml.ts';

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
/** S3 lists up to a thousand at once; fewer here, so that whoever forgets to go on is found out. */
const PAGE_MAX = 100;
const KEY_MAX_BYTES = 1_024;
/** Parameters of GET that say with which headers to answer; only whoever signs may say that. */
const OVERRIDES = { 'response-content-type': 'content-type', 'response-content-disposition': 'content-disposition' };

export interface HandlerOptions {
  bucket: string;
  key: SigningKey;
  /** What anybody may read: keys that begin with this. */
  publicPrefix: string;
  corsOrigins: readonly string[];
  objects: ObjectFiles;
}

/** Answers requests for one bucket as S3 does: PUT, also in parts, GET, HEAD and DELETE of objects, and lists (version 2). */
export function createHandler({ bucket, key: signingKey, publicPrefix, corsOrigins, objects }: HandlerOptions) {
  const cors = createCors(corsOrigins);
  const multipart = createMultipart(objects);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    cors.mark(request, response);
    if (request.method === 'OPTIONS') return cors.preflight(request, response);
    const { path, query, key } = targetOf(request, bucket);
    const method = request.method ?? 'GET';
    const { headers } = request;
    const { signed, payloadHash } = checkSignature({ method, path, query, headers }, signingKey, new Date());
    const isRead = method === 'GET' || method === 'HEAD';
    if (!signed && !(isRead && key !== '' && key.startsWith(publicPrefix))) {
      throw new S3Error('AccessDenied', 'Access Denied');
    }
    if (key === '') {
      if (method === 'GET' && query.has('uploads')) return sendUploads(response);
      if (method !== 'GET' || query.get('list-type') !== '2') {
        throw new S3Error('NotImplemented', 'Of buckets there are lists alone.');
      }
      return sendList(response, query);
    }
    switch (method) {
      case 'PUT':
        return put(request, response, { key, query, payloadHash });
      case 'POST':
        return post(request, response, { key, query, payloadHash });
      case 'GET':
      case 'HEAD':
        return send(response, { key, query, signed, withBody: method === 'GET' });
      case 'DELETE':
        if (query.has('uploadId')) multipart.abort(query.get('uploadId') ?? '', key);
        else objects.remove(key);
        response.writeHead(204).end();
        return;
      default:
        throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.');
    }
  }

  async function put(
    request: IncomingMessage,
    response: ServerResponse,
    { key, query, payloadHash }: Written,
  ): Promise<void> {
    if (request.headers['x-amz-copy-source'] !== undefined) {
      throw new S3Error('NotImplemented', 'Copies are not made here.');
    }
    const bytes = await readBody(request, payloadHash);
    const uploadId = query.get('uploadId');
    const etag =
      uploadId === null
        ? objects.put(key, bytes, aboutOf(request)).etag
        : multipart.putPart(uploadId, key, { number: Number(query.get('partNumber')), bytes });
    response.writeHead(200, { etag: `"${etag}"` }).end();
  }

  /** Begins an object that comes in parts, and completes it. */
  async function post(
    request: IncomingMessage,
    response: ServerResponse,
    { key, query, payloadHash }: Written,
  ): Promise<void> {
    const answer = (name: string, told: string): void => {
      const parts = [element('Bucket', bucket), element('Key', key), told];
      sendXml(response, `<${name} ${NAMESPACE}>${parts.join('')}</${name}>`);
    };
    const uploadId = query.get('uploadId');
    if (uploadId !== null) {
      const listing = (await readBody(request, payloadHash)).toString();
      const { etag } = multipart.complete(uploadId, key, listing);
      return answer('CompleteMultipartUploadResult', element('ETag', `"${etag}"`));
    }
    if (!query.has('uploads')) throw new S3Error('NotImplemented', 'Forms are not taken here.');
    return answer('InitiateMultipartUploadResult', element('UploadId', multipart.begin(key, aboutOf(request))));
  }

  function sendUploads(response: ServerResponse): void {
    const uploads = multipart
      .list()
      .map(({ id, key }) => element('Upload', [element('Key', key), element('UploadId', id)]));
    const body = [element('Bucket', bucket), element('IsTruncated', false), ...uploads];
    sendXml(response, `<ListMultipartUploadsResult ${NAMESPACE}>${body.join('')}</ListMultipartUploadsResult>`);
  }

  function send(
    response: ServerResponse,
    { key, query, signed, withBody }: { key: string; query: URLSearchParams; signed: boolean; withBody: boolean },
  ): void {
    const facts = objects.facts(key);
    if (!facts) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
    for (const [parameter, header] of Object.entries(OVERRIDES)) {
      const value = query.get(parameter);
      if (value === null) continue;
      if (!signed) throw new S3Error('InvalidArgument', 'Answers are changed for signed requests alone.');
      response.setHeader(header, value);
    }
    for (const [name, value] of Object.entries(headersOf(facts))) {
      if (!response.hasHeader(name)) response.setHeader(name, value);
    }
    response.writeHead(200).end(withBody ? objects.bytes(key) : undefined);
  }

  function sendList(response: ServerResponse, query: URLSearchParams): void {
    const prefix = query.get('prefix') ?? '';
    const token = query.get('continuation-token');
    const after = token === null ? '' : Buffer.from(token, 'base64url').toString();
    const limit = Math.min(Number(query.get('max-keys') ?? PAGE_MAX) || PAGE_MAX, PAGE_MAX);
    const found = objects.list(prefix, after);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const more = found.length > page.length && last;
    const body = [
      element('Name', bucket),
      element('Prefix', prefix),
      element('KeyCount', page.length),
      element('MaxKeys', limit),
      element('IsTruncated', Boolean(more)),
      ...(more ? [element('NextContinuationToken', Buffer.from(last.key).toString('base64url'))] : []),
      ...page.map(({ key, size, etag, modifiedAt }) =>
        element('Contents', [
          element('Key', key),
          element('LastModified', modifiedAt),
          element('ETag', `"${etag}"`),
          element('Size', size),
          element('StorageClass', 'STANDARD'),
        ]),
      ),
    ];
    sendXml(response, `<ListBucketResult ${NAMESPACE}>${body.join('')}</ListBucketResult>`);
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    const requestId = randomUUID();
    response.setHeader('x-amz-request-id', requestId);
    answer(request, response).catch((error: unknown) => {
      // A client that left in the middle of its body gets no answer, and nothing of it is kept.
      if (response.headersSent || request.socket.destroyed) return void response.destroy();
      const known = error instanceof S3Error ? error : undefined;
      const code = known?.code ?? 'InternalError';
      const message = known?.message ?? 'We encountered an internal error.';
      const parts = [element('Code', code), element('Message', message), element('RequestId', requestId)];
      response.writeHead(known?.status ?? 500, { 'content-type': 'application/xml', connection: 'close' });
      response.end(request.method === 'HEAD' ? undefined : xmlDocument(element('Error', parts)));
    });
  };
}

/** What is to be written where; of the body, what the signature says. */
interface Written {
  key: string;
  query: URLSearchParams;
  payloadHash: string | null;
}

const aboutOf = ({ headers }: IncomingMessage): Pick<ObjectFacts, 'contentType' | 'cacheControl'> => ({
  contentType: headers['content-type'] ?? 'binary/octet-stream',
  cacheControl: headers['cache-control'],
});

const sendXml = (response: ServerResponse, root: string): void =>
  void response.writeHead(200, { 'content-type': 'application/xml' }).end(xmlDocument(root));

const headersOf = ({ contentType, cacheControl, etag, size, modifiedAt }: ObjectFacts): Record<string, string> => ({
  'content-type': contentType,
  'content-length': String(size),
  'last-modified': new Date(modifiedAt).toUTCString(),
  etag: `"${etag}"`,
  ...(cacheControl === undefined ? {} : { 'cache-control': cacheControl }),
});

/** Bucket and key of an address in path style. The path is taken as it came: keys may hold `..` and `//`. */
function targetOf(request: IncomingMessage, bucket: string): { path: string; query: URLSearchParams; key: string } {
  const [path = '', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const [, name, ...rest] = path.split('/');
  let key: string;
  try {
    key = decodeURIComponent(rest.join('/'));
  } catch {
    throw new S3Error('InvalidArgument', 'The key is no UTF-8.');
  }
  if (name !== bucket) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist');
  if (Buffer.byteLength(key) > KEY_MAX_BYTES) throw new S3Error('KeyTooLongError', 'Your key is too long');
  return { path, query: new URLSearchParams(search), key };
}
