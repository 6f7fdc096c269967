import type { Compilers } from './core.ts';

export const objects: Compilers = {};
