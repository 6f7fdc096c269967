import type { Palette } from './colours.ts';

/** Draws one thing in the colours it is given; returns SVG elements on the canvas of 400 by 400, standing at y = 320. */
export type Motif = (colours: Palette) => string;
export type MotifTable = Readonly<Record<string, Motif>>;
