import { describe, expect, it } from '@jest/globals';
import { parse } from 'jsonc-parser';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '../load-config.js';
import { configSchema } from './schema.js';

const schema = configSchema() as {
  properties: Record<string, object>;
  definitions: Record<
    string,
    { additionalProperties: boolean; properties: Record<string, { description?: string }> }
  >;
};

describe('config.schema.json', () => {
  it('is what `npm run config:schema` writes', () => {
    expect(JSON.parse(readFileSync('config.schema.json', 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(schema)),
    );
  });

  it('describes every key and knows no others', () => {
    const sections = Object.values(schema.definitions);
    const keys = sections.flatMap(({ properties }) => Object.entries(properties));
    expect(keys.length).toBeGreaterThan(40);
    expect(keys.filter(([, { description }]) => !description)).toEqual([]);
    expect(sections.every((section) => !section.additionalProperties)).toBe(true);
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
  });

  it('takes a timeout as a number or an object', () => {
    expect(schema.definitions.BackendSection?.properties.timeout).toMatchObject({
      anyOf: [
        { type: 'number', minimum: 0, maximum: 2_147_483 },
        { $ref: '#/definitions/TimeoutSection' },
      ],
    });
  });

  it("takes a reasoning input as a preset's name or an object", () => {
    expect(schema.definitions.ReasoningSection?.properties.input).toMatchObject({
      anyOf: [
        { type: 'string', enum: expect.arrayContaining(['auto', 'harmony']) },
        { $ref: '#/definitions/TagDialectSection' },
      ],
    });
  });

  it('shows defaults and bounds', () => {
    expect(schema.definitions.LimitsSection?.properties.in_flight).toEqual({
      description: 'Most exchanges at once.',
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      default: 10_000,
    });
  });

  it('requires what a backend cannot do without', () => {
    expect(schema.definitions.BackendSection).toMatchObject({ required: ['name', 'url'] });
    expect(schema.definitions.SettingsSection).not.toHaveProperty('required');
  });
});

describe('config.json', () => {
  it('is shipped with one backend that passes the client key on', () => {
    const { backends, warnings } = loadConfig({
      env: { SLUICE_CONFIG: resolve('config.json') },
      cwd: resolve('no-dotenv-here'),
    });
    expect(backends).toHaveLength(1);
    expect(backends[0]).toMatchObject({
      name: 'openai',
      origin: 'https://api.openai.com',
      apiKey: null,
    });
    expect(warnings).toEqual([]);
  });

  it('names its schema', () => {
    expect(parse(readFileSync('config.json', 'utf8'))).toMatchObject({
      $schema: './config.schema.json',
    });
  });
});
