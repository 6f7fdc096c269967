import { createHash, randomUUID } from 'node:crypto';
import type { ObjectFacts, ObjectFiles } from './object-files.ts';
import { S3Error } from './s3-error.ts';

/** All parts of an object but its last are at least so large. */
const PART_MIN_BYTES = 5 * 1_024 * 1_024;
const PART_NUMBER_MAX = 10_000;

type About = Pick<ObjectFacts, 'contentType' | 'cacheControl'>;

interface Upload {
  id: string;
  key: string;
  about: About;
  parts: Map<number, { bytes: Buffer; etag: string }>;
}

/**
 * Objects that come in parts. None is there before its upload is completed; uploads that are under way are kept in memory,
 * and end with this process.
 */
export function createMultipart(objects: Pick<ObjectFiles, 'put'>) {
  const uploads = new Map<string, Upload>();

  function find(id: string, key: string): Upload {
    const upload = uploads.get(id);
    if (upload?.key !== key) throw new S3Error('NoSuchUpload', 'The specified multipart upload does not exist.');
    return upload;
  }

  return {
    /** Answers the id of a new upload. */
    begin(key: string, about: About): string {
      const id = randomUUID();
      uploads.set(id, { id, key, about, parts: new Map() });
      return id;
    },

    /** Keeps a part in place of the one that had its number; answers its ETag. */
    putPart(id: string, key: string, part: { number: number; bytes: Buffer }): string {
      const { parts } = find(id, key);
      const { number, bytes } = part;
      if (!Number.isInteger(number) || number < 1 || number > PART_NUMBER_MAX) {
        throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
      }
      const etag = createHash('md5').update(bytes).digest('hex');
      parts.set(number, { bytes, etag });
      return etag;
    },

    /** Makes an object of the parts that are listed, in ascending order. */
    complete(id: string, key: string, listing: string): ObjectFacts {
      const { parts, about } = find(id, key);
      const listed = [...listing.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
        number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
        etag: /<ETag>(?:"|&quot;)?([0-9a-f]+)(?:"|&quot;)?<\/ETag>/.exec(part)?.[1],
      }));
      if (listed.length === 0) throw new S3Error('MalformedXML', 'The XML you provided was not well-formed.');
      const bytes = listed.map(({ number, etag }, place) => {
        const part = parts.get(number);
        if (!part || part.etag !== etag)
          throw new S3Error('InvalidPart', 'One or more of the specified parts could not be found.');
        if (place > 0 && number <= (listed[place - 1]?.number ?? 0)) {
          throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
        }
        if (place < listed.length - 1 && part.bytes.byteLength < PART_MIN_BYTES) {
          throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size.');
        }
        return part.bytes;
      });
      const facts = objects.put(key, Buffer.concat(bytes), about);
      uploads.delete(id);
      return facts;
    },

    abort(id: string, key: string): void {
      uploads.delete(find(id, key).id);
    },

    /** Those under way. */
    list: (): { id: string; key: string }[] => [...uploads.values()].map(({ id, key }) => ({ id, key })),
  };
}
