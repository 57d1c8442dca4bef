import { beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { DurationHistogram } from './duration-histogram.js';

describe('DurationHistogram', () => {
  let registry: Registry;
  let histogram: DurationHistogram;

  beforeEach(() => {
    registry = new Registry();
    histogram = new DurationHistogram({ name: 'wait_seconds', help: 'Waits.', registry });
  });

  it('says what it is before anything was seen', async () => {
    expect(await registry.metrics()).toBe(
      '# HELP wait_seconds Waits.\n# TYPE wait_seconds histogram\n',
    );
  });

  it('counts cumulatively, a bound belonging to its own bucket', async () => {
    const series = histogram.addSeries({ backend: 'local' });
    for (const durationMs of [5, 6, 600_000, 600_001]) series.observe(durationMs);
    const lines = (await registry.metrics()).split('\n');
    expect(lines).toContain('wait_seconds_bucket{backend="local",le="0.005"} 1');
    expect(lines).toContain('wait_seconds_bucket{backend="local",le="0.01"} 2');
    expect(lines).toContain('wait_seconds_bucket{backend="local",le="300"} 2');
    expect(lines).toContain('wait_seconds_bucket{backend="local",le="600"} 3');
    expect(lines).toContain('wait_seconds_bucket{backend="local",le="+Inf"} 4');
    expect(lines).toContain('wait_seconds_count{backend="local"} 4');
    expect(lines).toContain('wait_seconds_sum{backend="local"} 1200.012');
  });

  it('does not count what was not measured', async () => {
    histogram.addSeries({ backend: 'local' }).observe(null);
    expect(await registry.metrics()).toContain('wait_seconds_count{backend="local"} 0');
  });

  it('has bounds of its own where it is given some', async () => {
    const own = new Registry();
    const options = { name: 'gap_seconds', help: 'Gaps.', bucketsSeconds: [0.001, 0.5] };
    const series = new DurationHistogram({ ...options, registry: own }).addSeries({ a: 'b' });
    for (const durationMs of [1, 2, 600]) series.observe(durationMs);
    expect((await own.metrics()).split('\n').filter((line) => line.includes('_bucket'))).toEqual([
      'gap_seconds_bucket{a="b",le="0.001"} 1',
      'gap_seconds_bucket{a="b",le="0.5"} 2',
      'gap_seconds_bucket{a="b",le="+Inf"} 3',
    ]);
  });

  it('keeps series apart', async () => {
    histogram.addSeries({ backend: 'a' }).observe(1);
    histogram.addSeries({ backend: 'b' });
    const text = await registry.metrics();
    expect(text).toContain('wait_seconds_count{backend="a"} 1');
    expect(text).toContain('wait_seconds_count{backend="b"} 0');
  });
});
