/** Colours by the names that options carry in the catalog. */
const NAMED: Record<string, string> = {
  oak: '#d3a978',
  walnut: '#8a5a3b',
  'black ash': '#3d3b3a',
  natural: '#d9b48a',
  coloured: '#e0795b',
  oatmeal: '#e2d5bf',
  white: '#f4f1ea',
  fog: '#c3c8c9',
  grey: '#9a9d9e',
  slate: '#6d7b85',
  charcoal: '#474b50',
  black: '#33353a',
  'matt black': '#33353a',
  polished: '#c9ced2',
  clear: '#cfe4e6',
  moss: '#7f8b52',
  sage: '#a9b99a',
  forest: '#3f6650',
  mint: '#a5d6bd',
  'ink blue': '#3b5580',
  navy: '#2f4060',
  sky: '#8fbfdc',
  rust: '#bd6440',
  terracotta: '#c97b5a',
  red: '#cf4f45',
  rose: '#dfa3a0',
  mustard: '#dba63c',
  brass: '#c9a04e',
};

/** What a motif paints with: the colour of the variant in three tones, and materials that stay the same. */
export interface Palette {
  readonly main: string;
  readonly dark: string;
  readonly light: string;
  readonly accent: string;
  readonly wood: string;
  readonly woodDark: string;
  readonly metal: string;
  readonly metalDark: string;
  readonly ink: string;
  readonly paper: string;
  readonly glass: string;
  readonly leaf: string;
  readonly leafDark: string;
}

const channels = (hex: string): [number, number, number] => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];

/** Mixes two colours; `share` of the second, from 0 to 1. */
export function mix(first: string, second: string, share: number): string {
  const a = channels(first);
  const b = channels(second);
  return `#${a
    .map((value, i) =>
      Math.round(value + ((b[i] ?? 0) - value) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** The colour of a name, undefined for words that are no colour ("Small", "Hardback"). */
export function namedColour(name: string): string | undefined {
  return NAMED[name.toLowerCase()];
}

export const colourNames = (): string[] => Object.keys(NAMED);

/** A palette around one colour and a second one that sets it off. */
export function paletteOf(main: string, accent: string): Palette {
  return {
    main,
    dark: mix(main, '#1f1b24', 0.28),
    light: mix(main, '#ffffff', 0.35),
    accent,
    wood: '#d3a978',
    woodDark: '#a97c50',
    metal: '#c9ced2',
    metalDark: '#8f979d',
    ink: '#3a3d42',
    paper: '#faf6ee',
    glass: '#d5e8ea',
    leaf: '#6f9a62',
    leafDark: '#4c7549',
  };
}
