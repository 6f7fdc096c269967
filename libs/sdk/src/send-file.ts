import { UploadError } from './upload-error.ts';

interface Sending {
  url: string;
  headers: Readonly<Record<string, string>>;
  file: Blob;
  onProgress?: ((share: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** What is used of XMLHttpRequest, which servers' types know nothing of. */
interface Request {
  status: number;
  upload: { onprogress: ((event: { lengthComputable: boolean; loaded: number; total: number }) => void) | null };
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(body: Blob): void;
  abort(): void;
}
type RequestClass = new () => Request;

/**
 * Puts a file to an address. Where there is XMLHttpRequest, in browsers and React Native, it tells of its progress on the way;
 * elsewhere when it is over. Throws UploadError, or the signal's reason.
 */
export async function sendFile(sending: Sending): Promise<void> {
  sending.signal?.throwIfAborted();
  const { XMLHttpRequest } = globalThis as { XMLHttpRequest?: RequestClass };
  const status = await (XMLHttpRequest ? sendByXhr(sending, new XMLHttpRequest()) : sendByFetch(sending));
  if (status < 200 || status > 299) throw new UploadError('refused');
  sending.onProgress?.(1);
}

async function sendByFetch({ url, headers, file, signal }: Sending): Promise<number> {
  try {
    const answer = await fetch(url, { method: 'PUT', headers, body: file, ...(signal ? { signal } : {}) });
    return answer.status;
  } catch {
    signal?.throwIfAborted();
    throw new UploadError('network');
  }
}

function sendByXhr({ url, headers, file, onProgress, signal }: Sending, request: Request): Promise<number> {
  return new Promise((resolve, reject) => {
    const stop = (): void => request.abort();
    const settle = (end: () => void) => () => {
      signal?.removeEventListener('abort', stop);
      end();
    };
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress?.(loaded / total);
    };
    request.onload = settle(() => resolve(request.status));
    request.onerror = settle(() => reject(new UploadError('network')));
    request.onabort = settle(() => reject(signal?.reason));
    signal?.addEventListener('abort', stop, { once: true });
    request.send(file);
  });
}
