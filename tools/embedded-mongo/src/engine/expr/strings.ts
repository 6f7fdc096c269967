import type { Compilers } from './core.ts';

export const strings: Compilers = {};
