import { PRIVATE_PREFIX } from '@cartwright/platform-s3';

/** Where an export lies. */
export const exportKey = (id: string): string => `${PRIVATE_PREFIX}exports/${id}.csv`;
