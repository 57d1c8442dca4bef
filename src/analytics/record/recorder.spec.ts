import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { backend, configOf } from '../../../test/support/gateway/config.js';
import { ConfigStore } from '../../config/config-store.js';
import { type Exchange } from '../../exchange/exchange.js';
import { type TokenUsage } from '../../exchange/facts/token-usage.js';
import { type ExchangeRecord } from './exchange-record.js';
import { Fingerprints } from './fingerprints.js';
import { RecordBuilder } from './record-builder.js';
import { RecordIds } from './record-ids.js';
import { Recorder, type TokenEstimates } from './recorder.js';

const NEVER = new Promise<null>(() => undefined);

interface Lookup {
  readonly path?: string;
  readonly facts?: { usage: object | null };
  readonly usageLookup?: Promise<void> | null;
  readonly sample?: object | null;
}

/** An exchange that ended well, and whose backend counted no tokens. */
function ended(lookup: Lookup = {}): Exchange {
  const { path = '/v1/chat/completions', facts = { usage: null } } = lookup;
  const { usageLookup = null, sample = null } = lookup;
  return {
    id: 'x',
    method: 'POST',
    path,
    route: { backend: backend('http://127.0.0.1:1'), model: 'm' },
    outcome: 'completed',
    startedAtMs: 0,
    usageLookup,
    sample,
    header: () => null,
    facts: Object.assign(facts, {
      status: 200,
      attempts: 0,
      requestedModel: 'm',
      finishReason: null,
    }),
  } as unknown as Exchange;
}

describe('Recorder', () => {
  let events: EventEmitter2;
  let records: ExchangeRecord[];

  beforeEach(() => {
    jest.useFakeTimers();
    events = new EventEmitter2();
    records = [];
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  function recorderWith(
    estimate: TokenEstimates['estimate'],
    mayTell: TokenEstimates['mayTell'] = () => true,
  ): Recorder {
    const { analytics } = configOf([]).settings;
    const settings = { analytics: { ...analytics, isEnabled: true } };
    const config = new ConfigStore(configOf([], settings));
    const recorder = new Recorder({
      config,
      builder: new RecordBuilder(config, new RecordIds('instance'), new Fingerprints(1)),
      queue: { add: (record) => records.push(record) },
      estimates: { estimate, mayTell },
      bodiesOf: () => null,
      onFault: () => undefined,
    });
    recorder.listen(events);
    return recorder;
  }

  it('does not wait for an estimate that is not to be had', () => {
    recorderWith(
      () => new Promise(() => undefined),
      () => false,
    );
    events.emit('exchange.finished', ended({ facts: { usage: null } }));
    expect(records).toMatchObject([{ usage_source: 'none', completion_tokens: null }]);
  });

  it('keeps no record of what is asked of Sluice itself', () => {
    recorderWith(() => Promise.resolve(null));
    const facts = { usage: { prompt_tokens: 1 } };
    for (const path of ['/analytics/summary', '/health', '/v1/models']) {
      events.emit('exchange.finished', ended({ path, facts: { ...facts } }));
    }
    expect(records.map(({ path }) => path)).toEqual(['/v1/models']);
  });

  it('waits ten seconds for an estimate, and no longer', async () => {
    const recorder = recorderWith(() => NEVER);
    events.emit('exchange.finished', ended());
    await jest.advanceTimersByTimeAsync(9_999);
    expect(records).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(records.map(({ usage_source }) => usage_source)).toEqual(['none']);
    await recorder.settled();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lets a thousand and some wait, and records the next without its tokens', async () => {
    const recorder = recorderWith(() => NEVER);
    for (let count = 0; count < 1024; count++) events.emit('exchange.finished', ended());
    expect(records).toEqual([]);
    events.emit('exchange.finished', ended());
    expect(records.map(({ usage_source }) => usage_source)).toEqual(['none']);
    await jest.advanceTimersByTimeAsync(10_000);
    await recorder.settled();
    expect(records).toHaveLength(1025);
  });

  it('takes the usage that was found after the end for what the backend reported', async () => {
    const facts: { usage: object | null } = { usage: null };
    const usageLookup = Promise.resolve().then(() => {
      facts.usage = { prompt_tokens: 1, completion_tokens: 2 };
    });
    const recorder = recorderWith(() => NEVER);
    events.emit('exchange.finished', ended({ facts, usageLookup }));
    await recorder.settled();
    expect(records).toMatchObject([{ completion_tokens: 2, usage_source: 'reported' }]);
  });

  it('takes a usage object that says nothing for none', async () => {
    const tokens = {
      promptTokens: 1,
      completionTokens: 2,
      reasoningTokens: null,
      cachedTokens: null,
    };
    const recorder = recorderWith(() => Promise.resolve(tokens));
    events.emit('exchange.finished', ended({ facts: { usage: {} } }));
    await recorder.settled();
    expect(records).toMatchObject([{ completion_tokens: 2, usage_source: 'estimated' }]);
  });

  describe('where the completion was not told', () => {
    const usage = { input_tokens: 9, cache_read_input_tokens: 4 };
    const counted = {
      promptTokens: 13,
      completionTokens: 3,
      reasoningTokens: null,
      cachedTokens: 4,
    };

    it('waits for an estimate of it', async () => {
      const recorder = recorderWith(() => Promise.resolve(counted));
      events.emit('exchange.finished', ended({ facts: { usage }, sample: {} }));
      await recorder.settled();
      expect(records).toMatchObject([
        { prompt_tokens: 13, completion_tokens: 3, cached_tokens: 4, usage_source: 'estimated' },
      ]);
    });

    it.each<[string, () => Promise<TokenUsage | null>]>([
      ['there is none', () => Promise.resolve(null)],
      ['it comes late', () => NEVER],
      ['it fails', () => Promise.reject(new Error('counting'))],
    ])('records what was told where %s', async (_, estimate) => {
      const recorder = recorderWith(estimate);
      events.emit('exchange.finished', ended({ facts: { usage }, sample: {} }));
      await jest.advanceTimersByTimeAsync(10_000);
      await recorder.settled();
      expect(records).toMatchObject([
        { prompt_tokens: 13, completion_tokens: null, cached_tokens: 4, usage_source: 'reported' },
      ]);
    });

    it('records what was told at once where nothing of the reply is there to be counted', () => {
      recorderWith(() => Promise.resolve(counted));
      events.emit('exchange.finished', ended({ facts: { usage } }));
      expect(records).toMatchObject([{ completion_tokens: null, usage_source: 'reported' }]);
    });

    it('records what was told at once where an estimate is not to be had', () => {
      recorderWith(
        () => NEVER,
        () => false,
      );
      events.emit('exchange.finished', ended({ facts: { usage }, sample: {} }));
      expect(records).toMatchObject([{ completion_tokens: null, usage_source: 'reported' }]);
    });
  });
});
