import type { Compilers } from './core.ts';

export const sets: Compilers = {};
