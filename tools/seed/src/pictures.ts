import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namedColour } from './drawing/colours.ts';
import { drawPicture, type PictureRequest } from './drawing/draw.ts';

/** Options whose values are colours, in the order in which they decide the picture. */
const COLOUR_OPTIONS = ['Colour', 'Wood', 'Finish'];

export interface PicturePlan {
  /** File name without its ending. */
  readonly key: string;
  readonly request: PictureRequest;
}

const slugOf = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** The address under which a picture is served. */
export const picturePath = (plan: PicturePlan): string => `/media/${plan.key}.svg`;

/** What a variant's options say about its colour, undefined where they say nothing. */
export function colourOfOptions(options: Readonly<Record<string, string>> | undefined): string | undefined {
  for (const name of COLOUR_OPTIONS) {
    const value = options?.[name];
    if (value !== undefined && namedColour(value) !== undefined) return value;
  }
  return undefined;
}

/** The picture of a product in one of its colours; `prefix` is the slug, or a shared name for generated products. */
export function planPicture(
  prefix: string,
  motif: string,
  colour: string | undefined,
  ownColour?: string,
): PicturePlan {
  return {
    key: colour === undefined ? prefix : `${prefix}-${slugOf(colour)}`,
    request: { motif, colour: colour ?? ownColour, seed: prefix },
  };
}

/** Draws what is planned into `dir` and leaves files alone that are there already. Returns how many were drawn. */
export async function writePictures(plans: Iterable<PicturePlan>, dir: string): Promise<number> {
  await mkdir(dir, { recursive: true });
  const present = new Set(await readdir(dir));
  const missing = new Map<string, PicturePlan>();
  for (const plan of plans) if (!present.has(`${plan.key}.svg`)) missing.set(plan.key, plan);
  const queue = [...missing.values()];
  for (let start = 0; start < queue.length; start += 64) {
    await Promise.all(
      queue
        .slice(start, start + 64)
        .map(({ key, request }) => writeFile(join(dir, `${key}.svg`), drawPicture(request))),
    );
  }
  return queue.length;
}
