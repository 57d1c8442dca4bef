import { describe, expect, it } from '@jest/globals';
import { ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { ConfigModule, SLUICE_CONFIG } from './config.module.js';
import { loadConfig } from './load-config.js';

const config = loadConfig({
  env: { UPSTREAM: 'http://127.0.0.1:1234', PORT: '9' },
  readFile: () => {
    throw Object.assign(new Error(), { code: 'ENOENT' });
  },
});

describe('ConfigModule', () => {
  it('gives the very configuration it was made with, whole and by path', async () => {
    const module = await Test.createTestingModule({
      imports: [ConfigModule.forRoot(config)],
    }).compile();
    expect(module.get(SLUICE_CONFIG)).toBe(config);
    expect(module.get(ConfigService).get('sluice.settings.listen.port')).toBe(9);
    await module.close();
  });

  it('puts nothing into the environment of the process', async () => {
    const before = { ...process.env };
    await ConfigModule.forRoot(config);
    expect(process.env).toEqual(before);
  });
});
