import { expect } from 'vitest';

export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** `error.data` of the first call; undefined when it succeeded or is no tRPC answer. */
  error: { reason: string; requestId: string; fields?: Record<string, string[]> } | undefined;
}

/** What must never reach a client. */
const INTERNALS = /node_modules|\.ts:\d|Mongo|E11000|ioredis|"stack"|Cast to|ZodError/;

/** Sends bytes as they are given, and reads what comes back. No answer may tell how the server is made. */
export async function sendRaw(url: string, init: RequestInit = {}): Promise<RawAnswer> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  expect(text).not.toMatch(INTERNALS);
  return { status: answer.status, headers: answer.headers, text, error: errorIn(text) };
}

/** Calls a mutation (or a query, by POST) with this text as its JSON body. */
export const postRaw = (url: string, body: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  sendRaw(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

function errorIn(text: string): RawAnswer['error'] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  const [first] = (Array.isArray(answer) ? answer : [answer]) as { error?: { json?: { data?: RawAnswer['error'] } } }[];
  return first?.error?.json?.data;
}
