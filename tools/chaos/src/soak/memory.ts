import { setTimeout as pause } from 'node:timers/promises';

/** What a process of the shop holds, in bytes. */
export interface Memory {
  readonly rss: number;
  /** Live objects; right after garbage was collected it holds little else. */
  readonly heap: number;
}

const LOOKS = 30;
const EVERY_MS = 500;

async function memoryNow(url: string): Promise<Memory> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const of = (name: string): number => Number(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
  return { rss: of('process_resident_memory_bytes'), heap: of('nodejs_heap_size_used_bytes') };
}

/** Looks at an instance's metrics for a quarter of a minute; the least of what was seen, so that garbage counts little. */
export async function restingMemory(url: string): Promise<Memory> {
  const looks: Memory[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    looks.push(await memoryNow(url));
    await pause(EVERY_MS);
  }
  return { rss: Math.min(...looks.map(({ rss }) => rss)), heap: Math.min(...looks.map(({ heap }) => heap)) };
}
