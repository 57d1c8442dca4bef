import { describe, expect, it } from '@jest/globals';
import { Observable, of } from 'rxjs';
import { type BodyFilter } from '../../exchange/reply/body-filter.js';
import { type BodyWitness } from '../../exchange/reply/reply-witness.js';
import { filteredBody } from './filtered-body.js';
import { UsageWithholder } from './usage-withholder.js';

const DELTA = 'data: {"choices":[{"text":"a"}]}\n\n';
const USAGE = 'data: {"choices":[],"usage":{"prompt_tokens":9}}\n\n';

function collected(body: Observable<Uint8Array>) {
  const seen = { text: '', ending: '' };
  const subscription = body.subscribe({
    next: (chunk) => {
      seen.text += Buffer.from(chunk).toString('latin1');
    },
    error: (error: unknown) => {
      seen.ending = String(error);
    },
    complete: () => {
      seen.ending = 'complete';
    },
  });
  return { seen, subscription };
}

describe('filteredBody', () => {
  it('leads every byte through the filter, and past the witness, however the body is cut', () => {
    const text = DELTA + USAGE + DELTA.trimEnd();
    for (let at = 0; at <= text.length; at++) {
      const usages: unknown[] = [];
      const filter = new UsageWithholder((usage) => usages.push(usage));
      let witnessed = '';
      const witness: BodyWitness = {
        see: (chunk) => {
          witnessed += Buffer.from(chunk).toString('latin1');
        },
      };
      const pieces = [text.slice(0, at), text.slice(at)].map((piece) => Buffer.from(piece));
      const { seen } = collected(filteredBody(of(...pieces), filter, witness));
      expect(seen).toEqual({ text: DELTA + DELTA.trimEnd(), ending: 'complete' });
      expect(usages).toEqual([{ prompt_tokens: 9 }]);
      expect(witnessed).toBe(seen.text);
    }
  });

  it('lets go of what is held when the body breaks off or its reader leaves, and notes it', () => {
    for (const leave of ['error', 'unsubscribe']) {
      const usages: unknown[] = [];
      const filter = new UsageWithholder((usage) => usages.push(usage));
      const broken = new Observable<Uint8Array>((bytes) => {
        bytes.next(Buffer.from(DELTA + USAGE.slice(0, -1)));
        if (leave === 'error') bytes.error('broken');
      });
      const { seen, subscription } = collected(filteredBody(broken, filter, null));
      subscription.unsubscribe();
      expect(seen).toEqual({ text: DELTA, ending: leave === 'error' ? 'broken' : '' });
      expect(usages).toEqual([{ prompt_tokens: 9 }]);
    }
  });

  it('fails with a mistake of the filter', () => {
    const mistaken: BodyFilter = {
      feed: () => {
        throw new Error('mistake');
      },
      end: () => new Uint8Array(0),
      conclude: () => undefined,
    };
    const { seen } = collected(filteredBody(of(Buffer.from(DELTA)), mistaken, null));
    expect(seen).toEqual({ text: '', ending: 'Error: mistake' });
  });
});
