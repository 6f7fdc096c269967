/** What the system's codes mean for somebody who starts a server. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it lies on a disk that can only be read',
  ENOTDIR: 'a part of its path is no folder',
  EEXIST: 'there is a file of that name',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'its name is too long',
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** An error of opening the data folder in words that say what to do about it; others pass unchanged. */
export function folderError(error: unknown, dir: string): unknown {
  const reason = REASONS[codeOf(error) ?? ''];
  if (reason === undefined || !(error instanceof Error)) return error;
  return new Error(`the data folder ${dir} can't be used: ${reason} (${error.message})`, { cause: error });
}

/** An error of listening in words that say what to do about it; others pass unchanged. */
export function portError(error: unknown, port: number): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new Error(`port ${port} of 127.0.0.1 is taken by another program; choose another one, or 0 for any`, {
        cause: error,
      });
    case 'EACCES':
      return new Error(`this user may not listen on port ${port}; choose one above 1023, or 0 for any`, {
        cause: error,
      });
    default:
      return error;
  }
}
