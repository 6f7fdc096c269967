import type { Compilers } from './core.ts';

export const regexes: Compilers = {};
