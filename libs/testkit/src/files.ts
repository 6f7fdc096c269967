import { createObjectStore, type ObjectStore } from '@cartwright/platform-s3';
import { startS3StandIn } from '@cartwright/tool-s3-standin';

/**
 * The variables of the bucket that the shops of a test run share, as a shop reads them; empty where none was started, as
 * in tools. Keys are made of ids, so that nobody meets another's objects.
 */
export const testFilesEnvironment = (): Record<string, string> =>
  JSON.parse(process.env['CARTWRIGHT_TEST_S3'] ?? '{}') as Record<string, string>;

export type TestFiles = AsyncDisposable & { store: ObjectStore };

/** A bucket of its own: `await using files = await testFiles()`. Gone at the end. */
export const testFiles = async (): Promise<TestFiles> => {
  const { url, env, stop } = await startS3StandIn();
  const store = createObjectStore({
    bucket: env.S3_BUCKET,
    region: env.S3_REGION,
    endpoint: url,
    credentials: { accessKeyId: env.S3_ACCESS_KEY_ID, secretAccessKey: env.S3_SECRET_ACCESS_KEY },
    publicUrl: `${url}/${env.S3_BUCKET}`,
  });
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      store.close();
      await stop();
    },
  };
};
