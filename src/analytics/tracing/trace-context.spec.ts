import { describe, expect, it } from '@jest/globals';
import { traceOf, traceparentOf } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

function contextFor(traceparent: string | null, id = 'r1'): ReturnType<typeof traceOf> {
  return traceOf({ id, startedAtMs: 1_700_000_000_000, traceparent });
}

describe('traceOf', () => {
  it("continues the client's trace", () => {
    const context = contextFor(`00-${TRACE}-${PARENT}-01`);
    expect(context).toMatchObject({ traceId: TRACE, parentSpanId: PARENT, isSampled: true });
    expect(context.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(traceparentOf(context)).toBe(`00-${TRACE}-${context.spanId}-01`);
  });

  it('keeps to the client that does not want its trace kept', () => {
    const context = contextFor(`00-${TRACE}-${PARENT}-00`);
    expect(context.isSampled).toBe(false);
    expect(traceparentOf(context)).toMatch(/-00$/);
  });

  it('reads a later version that says more', () => {
    expect(contextFor(`01-${TRACE}-${PARENT}-01-more`).traceId).toBe(TRACE);
  });

  it.each([
    null,
    '',
    `00-${TRACE}-${PARENT}`,
    `00-${TRACE}-${PARENT}-01-more`,
    `ff-${TRACE}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
  ])('begins a trace where the client says %j', (traceparent) => {
    const context = contextFor(traceparent);
    expect(context.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(context.traceId).not.toBe(TRACE);
    expect(context).toMatchObject({ parentSpanId: null, isSampled: true });
  });

  it('gives one exchange the same span each time, and another one another', () => {
    expect(contextFor(null)).toEqual(contextFor(null));
    expect(contextFor(null, 'r2').spanId).not.toBe(contextFor(null).spanId);
  });
});
