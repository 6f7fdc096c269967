import type { StageCompiler } from './stages.ts';

export const windowStages: Readonly<Record<string, StageCompiler>> = {};
