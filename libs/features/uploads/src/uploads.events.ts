import { defineEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';

/** A file is said to be in its place. It is looked at before anybody may use it. */
export const uploadCompleted = defineEvent({
  type: 'upload.completed',
  version: 1,
  payload: z.object({ uploadId: z.string() }),
});
