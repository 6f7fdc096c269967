import type { Motif, MotifTable } from '../motif.ts';
import { apparel } from './apparel.ts';
import { audio } from './audio.ts';
import { furniture } from './furniture.ts';
import { garden } from './garden.ts';
import { home } from './home.ts';
import { kitchen } from './kitchen.ts';
import { office } from './office.ts';
import { outdoor } from './outdoor.ts';
import { pantry } from './pantry.ts';
import { pets } from './pets.ts';
import { play } from './play.ts';

const MOTIFS: MotifTable = {
  ...furniture,
  ...home,
  ...kitchen,
  ...pantry,
  ...outdoor,
  ...office,
  ...audio,
  ...apparel,
  ...play,
  ...garden,
  ...pets,
};

export const motifNames = (): string[] => Object.keys(MOTIFS);

/** The motif of a name; throws for one that nobody drew, so that a typing error in the data is found at once. */
export function motifByName(name: string): Motif {
  const motif = MOTIFS[name];
  if (!motif) throw new Error(`No motif is called "${name}"`);
  return motif;
}
