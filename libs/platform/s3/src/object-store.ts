import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { answered, isMissing } from './errors.ts';
import { PUBLIC_PREFIX } from './prefixes.ts';
import { beginParts } from './write-parts.ts';

/** How long a store may take to answer one try of a call, or say nothing within an answer; the SDK tries three times. */
const PATIENCE_MS = 10_000;
const CONNECT_TIMEOUT_MS = 3_000;
/** Sending what is put comes on top, over a slow way of a tenth of a megabyte a second. */
const SENT_BYTES_PER_MS = 100;
/** S3 takes ten thousand parts of five megabytes or more: this is room for 80 gigabytes. */
const PART_BYTES = 8 * 1_024 * 1_024;

/** An object as lists tell of it; sizes in bytes. */
export interface StoredObject {
  key: string;
  size: number;
  modifiedAt: Date;
}

export interface ObjectStoreSettings {
  bucket: string;
  region: string;
  /** Of a store other than Amazon's; objects are addressed by path there. */
  endpoint?: string | undefined;
  /** Those of the machine's role, or wherever else the SDK looks, when absent. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** Where anybody reads what is below `public/`, without a slash at the end. */
  publicUrl: string;
  /** How long a store may keep a call waiting, in place of ten seconds. */
  patienceMs?: number;
}

/**
 * Objects in a bucket. Every call rejects with SERVICE_UNAVAILABLE while the store doesn't answer, or refuses our
 * credentials; sizes are in bytes.
 */
export function createObjectStore(settings: ObjectStoreSettings) {
  const { bucket, publicUrl, patienceMs = PATIENCE_MS } = settings;
  const client = new S3Client(clientConfig(settings));
  const clientFor = (ms: number) => new S3Client(clientConfig({ ...settings, patienceMs: ms }));
  const at = (key: string) => ({ Bucket: bucket, Key: key });
  const patienceFor = (bytes: number): number => patienceMs + bytes / SENT_BYTES_PER_MS;

  /** Writes an object, in place of one that had its key. */
  async function put(object: { key: string; body: Buffer; contentType: string; cacheControl?: string }): Promise<void> {
    const { key, body, contentType, cacheControl } = object;
    const command = new PutObjectCommand({
      ...at(key),
      Body: body,
      ContentLength: body.byteLength,
      ContentType: contentType,
      ...(cacheControl === undefined ? {} : { CacheControl: cacheControl }),
    });
    await answered(client.send(command, { requestTimeout: patienceFor(body.byteLength) }));
  }

  return {
    /**
     * An address to which anybody who has it may put one object: of exactly this size, this type and these bytes, until
     * it expires. `headers` are to be sent with it, besides the Content-Length that every client sends by itself.
     * @param options.checksumSha256 base64, as S3 takes it
     */
    async presignPut(options: {
      key: string;
      contentType: string;
      size: number;
      checksumSha256: string;
      expiresInSeconds: number;
    }): Promise<{ url: string; headers: Record<string, string> }> {
      const { key, contentType, size, checksumSha256, expiresInSeconds } = options;
      const command = new PutObjectCommand({
        ...at(key),
        ContentType: contentType,
        ContentLength: size,
        ChecksumSHA256: checksumSha256,
      });
      const url = await answered(
        getSignedUrl(client, command, {
          expiresIn: expiresInSeconds,
          // What is no signed header binds nobody: by default the type isn't, and the checksum moves to the query.
          signableHeaders: new Set(['host', 'content-type', 'content-length']),
          unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
        }),
      );
      return { url, headers: { 'content-type': contentType, 'x-amz-checksum-sha256': checksumSha256 } };
    },

    /** An address that downloads an object under a name, until it expires. */
    presignGet: ({ key, filename, expiresInSeconds }: { key: string; filename: string; expiresInSeconds: number }) => {
      const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`;
      const command = new GetObjectCommand({ ...at(key), ResponseContentDisposition: disposition });
      return answered(getSignedUrl(client, command, { expiresIn: expiresInSeconds }));
    },

    /** What is known of an object; null when there is none. */
    async head(key: string): Promise<{ size: number; contentType: string } | null> {
      const found = await answered(client.send(new HeadObjectCommand(at(key))).catch(orNothing));
      return found ? { size: found.ContentLength ?? 0, contentType: found.ContentType ?? '' } : null;
    },

    /**
     * The bytes of an object; null when there is none. Throws a RangeError, with no more read than that, for one of more
     * than `maxBytes`.
     */
    async read(key: string, { maxBytes }: { maxBytes: number }): Promise<Buffer | null> {
      return answered(
        (async () => {
          const found = await client.send(new GetObjectCommand(at(key))).catch(orNothing);
          if (!found?.Body) return null;
          const chunks: Buffer[] = [];
          let size = 0;
          for await (const chunk of found.Body as AsyncIterable<Buffer>) {
            size += chunk.byteLength;
            // Leaving the loop ends the transfer.
            if (size > maxBytes) throw new RangeError(`The object has more than ${maxBytes} bytes`);
            chunks.push(chunk);
          }
          return Buffer.concat(chunks);
        })(),
      );
    },

    put,

    /**
     * Writes an object of any size as its pieces come, in place of one that had its key. It holds eight megabytes of them
     * at once, and asks for the next piece when it has room for it. When the pieces or the store fail, nothing of it is
     * kept and the object before stays; errors of the pieces pass as they are.
     */
    async write(
      { key, contentType }: { key: string; contentType: string },
      pieces: AsyncIterable<Uint8Array>,
    ): Promise<void> {
      let parts: Awaited<ReturnType<typeof beginParts>> | undefined;
      let held: Uint8Array[] = [];
      let size = 0;
      const taken = (): Buffer => {
        const body = Buffer.concat(held);
        held = [];
        size = 0;
        return body;
      };
      try {
        for await (const piece of pieces) {
          held.push(piece);
          size += piece.byteLength;
          if (size < PART_BYTES) continue;
          parts ??= await beginParts({ client, clientFor, at: at(key), contentType, patienceFor });
          await parts.send(taken());
        }
        if (!parts) return await put({ key, contentType, body: taken() });
        if (size > 0) await parts.send(taken());
        await parts.complete();
      } catch (error) {
        await parts?.abort();
        throw error;
      }
    },

    /** Removes an object; one that is gone already is no error. */
    async remove(key: string): Promise<void> {
      await answered(client.send(new DeleteObjectCommand(at(key))).catch(orNothing));
    },

    /** All objects whose keys begin with this, in the order of their keys. */
    async *list(prefix: string): AsyncGenerator<StoredObject> {
      let token: string | undefined;
      do {
        const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token });
        const page = await answered(client.send(command));
        for (const { Key, Size, LastModified } of page.Contents ?? []) {
          if (Key !== undefined) yield { key: Key, size: Size ?? 0, modifiedAt: LastModified ?? new Date(0) };
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },

    /** Where anybody reads an object below `public/`; lasting. Throws for others: they have no such address. */
    publicUrl(key: string): string {
      if (!key.startsWith(PUBLIC_PREFIX)) throw new Error(`${key} is not public`);
      return `${publicUrl}/${key}`;
    },

    close: (): void => client.destroy(),
  };
}

export type ObjectStore = ReturnType<typeof createObjectStore>;

const orNothing = (error: unknown): undefined => {
  if (!isMissing(error)) throw error;
};

function clientConfig({
  region,
  endpoint,
  credentials,
  patienceMs = PATIENCE_MS,
}: ObjectStoreSettings): S3ClientConfig {
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
    // Otherwise the SDK signs a CRC of an empty body into every presigned address, and few other stores know them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: patienceMs,
      // Otherwise the SDK writes a warning, and waits on.
      throwOnRequestTimeout: true,
      // Within an answer, where the other one has ended.
      socketTimeout: patienceMs,
    },
  };
}
