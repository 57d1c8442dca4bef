import { describe, expect, it } from '@jest/globals';
import { harmonyCases, sseCases, tagCases, wireCases } from './corpus.js';

const textCases = [...harmonyCases, ...tagCases];

describe('the conformance corpus', () => {
  it('is complete', () => {
    expect(harmonyCases).toHaveLength(46);
    expect(tagCases).toHaveLength(42);
    expect(sseCases).toHaveLength(83);
    expect(wireCases).toHaveLength(63);
  });

  it('names each case once', () => {
    const ids = [...textCases, ...sseCases, ...wireCases].map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('says where every case comes from, and under which licence what was taken', () => {
    const sources = [...textCases, ...sseCases, ...wireCases].map(({ source }) => source);
    expect(sources.filter((source) => source === '')).toEqual([]);
    const licenses = [...textCases, ...sseCases].map(({ license }) => license);
    expect([...new Set(licenses)].sort()).toEqual(['Apache-2.0', 'BSD-3-Clause', 'CC0-1.0', 'MIT']);
  });

  it('cuts a text in chunks that are the whole text', () => {
    const wrong = textCases.filter(
      ({ chunks, input }) => chunks !== undefined && chunks.join('') !== input,
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
    const wrongStreams = sseCases.filter(
      ({ chunks, raw }) => chunks !== undefined && chunks.join('') !== raw,
    );
    expect(wrongStreams.map(({ id }) => id)).toEqual([]);
  });
});
