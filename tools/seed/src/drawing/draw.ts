import { mix, namedColour, paletteOf } from './colours.ts';
import { motifByName } from './motifs/index.ts';
import { circle, oval, path, rect } from './shapes.ts';

/** Colours of things that are sold in one colour only, where any colour would look odd. */
const OWN_COLOURS: Record<string, string> = {
  pan: '#474b50',
  casserole: '#bd6440',
  pot: '#c4cacf',
  kettle: '#c9ced2',
  'baking-dish': '#8f979d',
  knife: '#8a5a3b',
  board: '#b98752',
  utensils: '#c99a62',
  cutlery: '#b5bcc2',
  'rolling-pin': '#d3a978',
  'french-press': '#474b50',
  glass: '#cfe4e6',
  'wine-glass': '#c8485a',
  bottle: '#7f8b52',
  mirror: '#c9a04e',
  basket: '#c99a62',
  rug: '#c9a670',
  monstera: '#c97b5a',
  plant: '#c97b5a',
  tree: '#c97b5a',
  herbs: '#c97b5a',
  seeds: '#6f9a62',
  birdhouse: '#bd6440',
  planter: '#b5713f',
  stove: '#c9ced2',
  'string-lights': '#ffc96b',
  bone: '#efe3cd',
  'cat-tree': '#d9b48a',
  stand: '#474b50',
  stacker: '#cf4f45',
  hat: '#3b5580',
  candle: '#e8c26a',
  secateurs: '#cf4f45',
};

const ANY = [
  '#bd6440',
  '#3b5580',
  '#7f8b52',
  '#dba63c',
  '#6d7b85',
  '#3f6650',
  '#dfa3a0',
  '#c97b5a',
  '#7a6aa8',
  '#4f8fb5',
];
const ACCENTS = ['#dba63c', '#bd6440', '#3b5580', '#6f9a62', '#dfa3a0', '#4f8fb5'];
const BACKGROUNDS = ['#f3e6d8', '#e4ebe1', '#e1e9f1', '#f5e3e0', '#ece6f1', '#f6edcf', '#e3eeee'];

/** A whole number from text, the same on every machine (FNV-1a). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function distance(first: string, second: string): number {
  const channel = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return [1, 3, 5].reduce((sum, at) => sum + Math.abs(channel(first, at) - channel(second, at)), 0);
}

/** The first colour, from a place that the seed chooses, that stands out from another one. */
function standingOut(colours: readonly string[], seed: number, from: string, least: number): string {
  const ordered = colours.map((_, i) => colours[(i + seed) % colours.length] ?? from);
  return ordered.find((colour) => distance(colour, from) >= least) ?? ordered[0] ?? from;
}

export interface PictureRequest {
  readonly motif: string;
  /** A colour name of the catalog ("Ink Blue", "Oak"); left out, the motif's own colour is taken. */
  readonly colour?: string | undefined;
  /** Chooses background and details: the same seed, the same picture. */
  readonly seed: string;
}

/**
 * Draws a product picture as an SVG document of 800 by 800: flat shapes on a soft background, no text, no scripts, no
 * references. Throws when the motif is not known.
 */
export function drawPicture({ motif, colour, seed }: PictureRequest): string {
  const hash = hashText(seed);
  const named = colour === undefined ? undefined : namedColour(colour);
  const main = named ?? OWN_COLOURS[motif] ?? ANY[hash % ANY.length] ?? '#bd6440';
  const palette = paletteOf(main, standingOut(ACCENTS, hash >>> 4, main, 150));
  const back = standingOut(BACKGROUNDS, hash >>> 8, main, 110);
  const shape = mix(back, '#ffffff', 0.5);
  const turn = (hash >>> 12) % 3;
  const backdrop =
    turn === 0
      ? circle(200, 188, 158, shape)
      : turn === 1
        ? path('M40 210 Q30 70 170 50 Q330 30 362 170 Q384 310 230 344 Q60 350 40 210 Z', shape)
        : rect(62, 40, 276, 300, shape, 138);
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="800" viewBox="0 0 400 400">' +
    rect(0, 0, 400, 400, back) +
    backdrop +
    oval(200, 326, 138, 12, mix(back, '#3a3d42', 0.14)) +
    motifByName(motif)(palette) +
    '</svg>'
  );
}
