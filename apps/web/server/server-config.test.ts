import { describe, expect, it } from 'vitest';
import { readServerConfig } from './server-config.ts';

describe('readServerConfig', () => {
  it('has defaults for a shop on one machine', () => {
    expect(readServerConfig({})).toEqual({
      host: '127.0.0.1',
      port: 4200,
      apiUrl: '',
      fileOrigins: [],
      demoAccounts: true,
    });
  });

  it('drops the slash at the end of the API address', () => {
    expect(readServerConfig({ API_URL: 'http://localhost:3000/' }).apiUrl).toBe('http://localhost:3000');
  });

  it('takes origins of files, with or without a path', () => {
    const FILES_ORIGINS = 'http://127.0.0.1:9000/bucket,https://cdn.test';
    expect(readServerConfig({ FILES_ORIGINS }).fileOrigins).toEqual(['http://127.0.0.1:9000', 'https://cdn.test']);
    expect(() => readServerConfig({ FILES_ORIGINS: 'cdn.test' })).toThrow(/FILES_ORIGINS/);
  });

  it('hides the demo accounts in production unless asked', () => {
    expect(readServerConfig({ NODE_ENV: 'production' }).demoAccounts).toBe(false);
    expect(readServerConfig({ NODE_ENV: 'production', DEMO_ACCOUNTS: '1' }).demoAccounts).toBe(true);
    expect(readServerConfig({ DEMO_ACCOUNTS: '0' }).demoAccounts).toBe(false);
  });

  it('names every wrong variable at once', () => {
    const read = () => readServerConfig({ PORT: 'x', API_URL: 'ftp://shop', DEMO_ACCOUNTS: 'maybe' });
    expect(read).toThrow(/PORT.*API_URL.*DEMO_ACCOUNTS/);
  });
});
