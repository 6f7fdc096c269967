/** Objects below it are read with a signed address alone. */
export const PRIVATE_PREFIX = 'private/';

/** Objects below it are read by anybody: the bucket's policy, or what is in front of it, allows that for these alone. */
export const PUBLIC_PREFIX = 'public/';
