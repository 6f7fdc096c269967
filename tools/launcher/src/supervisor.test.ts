import { describe, expect, it } from 'vitest';
import { tellingLines } from './supervisor.ts';

describe('tellingLines', () => {
  it('begins at the error, not in the middle of its trace', () => {
    const trace = Array.from({ length: 20 }, (_, index) => `    at step${index}`);
    const lines = ['starting', "Error [ERR_MODULE_NOT_FOUND]: Cannot find module './x.ts'", ...trace, 'Node.js v24'];
    expect(tellingLines(lines)[0]).toContain('Cannot find module');
    expect(tellingLines(lines)).toHaveLength(15);
  });

  it('shows every line of a wrong configuration', () => {
    expect(tellingLines(['x', 'The configuration is wrong:', '  PORT: must be a whole number'])).toHaveLength(2);
  });

  it('falls back to the last lines', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    expect(tellingLines(lines).at(-1)).toBe('line 39');
  });
});
