import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from './s3-error.ts';

/** What a signature is checked against. */
export interface SigningKey {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

/** What of a request is signed: the path as it was sent, without the query. */
export interface SignedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SKEW_MS = 15 * 60_000;
const LONGEST_EXPIRY_SECONDS = 7 * 24 * 3_600;
const UNSIGNED = 'UNSIGNED-PAYLOAD';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

interface Claim {
  accessKeyId: string;
  scope: string;
  signedHeaders: string[];
  signature: string;
  date: string;
  payloadHash: string;
  /** Of an address that was signed beforehand. */
  expiresInSeconds?: number;
}

/**
 * Checks the signature (version 4) of a request, in its headers or its address, as S3 does: key, scope, time, and that
 * every `x-amz-` header is covered. Answers the SHA-256 that the signature gives of the body, or null when it leaves
 * the body open; null as well for a request without any signature, with `signed: false`. Throws S3Error.
 */
export function checkSignature(
  request: SignedRequest,
  key: SigningKey,
  now: Date,
): { signed: boolean; payloadHash: string | null } {
  const claim = claimOf(request);
  if (claim === null) return { signed: false, payloadHash: null };
  if (claim.accessKeyId !== key.accessKeyId) {
    throw new S3Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  }
  const scope = `${claim.date.slice(0, 8)}/${key.region}/s3/aws4_request`;
  if (claim.scope !== scope) throw new S3Error('AuthorizationHeaderMalformed', `The scope must be ${scope}.`);
  checkTime(claim, now);
  checkCovered(request.headers, claim.signedHeaders);

  const toSign = [ALGORITHM, claim.date, scope, sha256(canonicalRequest(request, claim))].join('\n');
  const dateKey = hmac(`AWS4${key.secretAccessKey}`, claim.date.slice(0, 8));
  const signingKey = hmac(hmac(hmac(dateKey, key.region), 's3'), 'aws4_request');
  const expected = hmac(signingKey, toSign);
  const given = Buffer.from(claim.signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new S3Error('SignatureDoesNotMatch', 'The request signature we calculated does not match the one provided.');
  }
  return { signed: true, payloadHash: claim.payloadHash === UNSIGNED ? null : claim.payloadHash };
}

function claimOf({ query, headers }: SignedRequest): Claim | null {
  const inQuery = query.get('X-Amz-Algorithm');
  const { authorization } = headers;
  if (inQuery !== null && authorization !== undefined) {
    throw new S3Error('InvalidArgument', 'Only one auth mechanism allowed.');
  }
  if (inQuery !== null) return claimOfQuery(query);
  if (authorization === undefined) return null;
  const match = /^(\S+) Credential=([^/,\s]+)\/([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$/.exec(
    authorization,
  );
  const payloadHash = headers['x-amz-content-sha256'];
  const date = headers['x-amz-date'];
  if (match?.[1] !== ALGORITHM || typeof payloadHash !== 'string' || typeof date !== 'string') {
    throw new S3Error('AuthorizationHeaderMalformed', 'The authorization header is malformed.');
  }
  if (payloadHash !== UNSIGNED && !/^[0-9a-f]{64}$/.test(payloadHash)) {
    throw new S3Error('NotImplemented', 'Bodies that are signed in chunks are not taken.');
  }
  const [, , accessKeyId = '', scope = '', signedHeaders = '', signature = ''] = match;
  return { accessKeyId, scope, signedHeaders: signedHeaders.split(';'), signature, date, payloadHash };
}

function claimOfQuery(query: URLSearchParams): Claim {
  const value = (name: string): string => {
    const found = query.get(name);
    if (found === null) throw new S3Error('AuthorizationQueryParametersError', `The parameter ${name} is missing.`);
    return found;
  };
  const expires = value('X-Amz-Expires');
  const expiresInSeconds = Number(expires);
  if (value('X-Amz-Algorithm') !== ALGORITHM || !/^\d+$/.test(expires) || expiresInSeconds > LONGEST_EXPIRY_SECONDS) {
    throw new S3Error('AuthorizationQueryParametersError', 'X-Amz-Algorithm or X-Amz-Expires is wrong.');
  }
  const credential = value('X-Amz-Credential');
  const slash = credential.indexOf('/');
  return {
    accessKeyId: credential.slice(0, slash),
    scope: credential.slice(slash + 1),
    signedHeaders: value('X-Amz-SignedHeaders').split(';'),
    signature: value('X-Amz-Signature'),
    date: value('X-Amz-Date'),
    payloadHash: query.get('X-Amz-Content-Sha256') ?? UNSIGNED,
    expiresInSeconds,
  };
}

function checkTime({ date, expiresInSeconds }: Claim, now: Date): void {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!parts) throw new S3Error('AccessDenied', 'The date of the signature is malformed.');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  const age = now.getTime() - Date.UTC(year, month - 1, day, hour, minute, second);
  if (age < -SKEW_MS || (expiresInSeconds === undefined && age > SKEW_MS)) {
    throw new S3Error('RequestTimeTooSkewed', 'The time of the request is too far from the time here.');
  }
  if (expiresInSeconds !== undefined && age > expiresInSeconds * 1_000) {
    throw new S3Error('AccessDenied', 'Request has expired');
  }
}

/** An unsigned header of S3's own could say something that whoever signed did not mean. */
function checkCovered(headers: IncomingHttpHeaders, signedHeaders: readonly string[]): void {
  const open = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signedHeaders.includes(name));
  if (open.length > 0 || !signedHeaders.includes('host')) {
    throw new S3Error(
      'AccessDenied',
      `There were headers present in the request which were not signed: ${open.join()}`,
    );
  }
}

function canonicalRequest({ method, path, query, headers }: SignedRequest, claim: Claim): string {
  const parameters = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([left, a], [right, b]) => (left === right ? compare(a, b) : compare(left, right)))
    .map(([name, value]) => `${name}=${value}`);
  const lines = claim.signedHeaders.map((name) => {
    const value = headers[name];
    const text = Array.isArray(value) ? value.join(',') : (value ?? '');
    return `${name}:${text.trim().replaceAll(/ +/g, ' ')}\n`;
  });
  const uri = path.split('/').map((part) => encode(decodeURIComponent(part)));
  return [
    method,
    uri.join('/'),
    parameters.join('&'),
    lines.join(''),
    claim.signedHeaders.join(';'),
    claim.payloadHash,
  ].join('\n');
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
