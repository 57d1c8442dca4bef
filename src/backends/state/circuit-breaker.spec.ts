import { beforeEach, describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.js';

describe('CircuitBreaker', () => {
  let breaker: CircuitBreaker;

  beforeEach(() => {
    breaker = new CircuitBreaker();
  });

  function fail(times: number, nowMs: number): void {
    for (let time = 0; time < times; time++) breaker.failed(breaker.begin(nowMs), nowMs);
  }

  function answer(times: number, nowMs: number): void {
    for (let time = 0; time < times; time++) breaker.answered(breaker.begin(nowMs), nowMs);
  }

  describe('closed', () => {
    it('is what it is at first', () => {
      expect(breaker.stateAt(0)).toBe('closed');
      expect(breaker.admitsAt(0)).toBe(true);
      expect(breaker.recoveredAtMs).toBeNull();
    });

    it('opens on the fifth failure in a row', () => {
      fail(4, 0);
      expect(breaker.stateAt(0)).toBe('closed');
      fail(1, 0);
      expect(breaker.stateAt(0)).toBe('open');
      expect(breaker.admitsAt(0)).toBe(false);
    });

    it('begins to count again with an answer', () => {
      fail(4, 0);
      answer(1, 0);
      fail(4, 0);
      expect(breaker.stateAt(0)).toBe('closed');
    });

    it('opens when half of at least 20 recent requests failed', () => {
      for (let pair = 0; pair < 9; pair++) {
        fail(1, 0);
        answer(1, 0);
      }
      answer(1, 0);
      expect(breaker.stateAt(0)).toBe('closed');
      fail(1, 0);
      expect(breaker.stateAt(0)).toBe('open');
    });

    it('stays so when fewer than half failed', () => {
      for (let round = 0; round < 100; round++) {
        fail(1, 0);
        answer(2, 0);
      }
      expect(breaker.stateAt(0)).toBe('closed');
    });

    it('looks at the last ten seconds for the rate', () => {
      for (let pair = 0; pair < 9; pair++) {
        fail(1, 0);
        answer(1, 0);
      }
      answer(1, 10_000);
      fail(1, 10_000);
      expect(breaker.stateAt(10_000)).toBe('closed');
    });

    it('takes no harm from clients that leave', () => {
      for (let time = 0; time < 100; time++) breaker.abandoned(breaker.begin(0));
      expect(breaker.stateAt(0)).toBe('closed');
    });

    it('counts an answer that breaks off as one request that failed', () => {
      for (let time = 0; time < 19; time++) {
        const pass = breaker.begin(0);
        breaker.answered(pass, 0);
        breaker.failed(pass, 0);
      }
      expect(breaker.stateAt(0)).toBe('closed');
      const pass = breaker.begin(0);
      breaker.answered(pass, 0);
      breaker.failed(pass, 0);
      expect(breaker.stateAt(0)).toBe('open');
    });
  });

  describe('open', () => {
    it('is so for five seconds, and half-open then', () => {
      fail(5, 1000);
      expect(breaker.stateAt(5999)).toBe('open');
      expect(breaker.stateAt(6000)).toBe('half-open');
    });

    it('hears nothing from requests that began before it', () => {
      const [early, late] = [breaker.begin(0), breaker.begin(0)];
      fail(5, 0);
      breaker.answered(early, 1000);
      expect(breaker.stateAt(1000)).toBe('open');
      breaker.failed(late, 6000);
      expect(breaker.stateAt(6000)).toBe('half-open');
    });

    it('closes when it is used all the same and answers', () => {
      fail(5, 0);
      answer(1, 1000);
      expect(breaker.stateAt(1000)).toBe('closed');
    });

    it('lasts no longer when it is used all the same and fails', () => {
      fail(5, 0);
      fail(100, 4000);
      expect(breaker.stateAt(5000)).toBe('half-open');
    });
  });

  describe('half-open', () => {
    beforeEach(() => {
      fail(5, 0);
    });

    it('lets three requests through at once', () => {
      const passes = [1, 2, 3].map(() => {
        expect(breaker.admitsAt(5000)).toBe(true);
        return breaker.begin(5000);
      });
      expect(passes).toHaveLength(3);
      expect(breaker.admitsAt(5000)).toBe(false);
    });

    it('gives the place of one whose client left to another', () => {
      const passes = [breaker.begin(5000), breaker.begin(5000), breaker.begin(5000)];
      for (const pass of passes) {
        breaker.abandoned(pass);
        breaker.abandoned(pass);
        breaker.begin(5000);
        expect(breaker.admitsAt(5000)).toBe(false);
      }
    });

    it('closes with an answer', () => {
      answer(1, 5000);
      expect(breaker.stateAt(5000)).toBe('closed');
      expect(breaker.recoveredAtMs).toBe(5000);
    });

    it('closes without a memory of what was before', () => {
      answer(1, 5000);
      fail(4, 5000);
      expect(breaker.stateAt(5000)).toBe('closed');
    });

    it('opens with a failure, for twice as long', () => {
      fail(1, 5000);
      expect(breaker.stateAt(14_999)).toBe('open');
      expect(breaker.stateAt(15_000)).toBe('half-open');
    });

    it('takes one failure of several as one', () => {
      const passes = [breaker.begin(5000), breaker.begin(5000), breaker.begin(5000)];
      for (const pass of passes) breaker.failed(pass, 5000);
      expect(breaker.stateAt(15_000)).toBe('half-open');
    });

    it('has all its places again after it was open', () => {
      const passes = [breaker.begin(5000), breaker.begin(5000), breaker.begin(5000)];
      for (const pass of passes) breaker.failed(pass, 5000);
      const admitted = [1, 2, 3, 4].map(() => {
        const isAdmitted = breaker.admitsAt(15_000);
        breaker.begin(15_000);
        return isAdmitted;
      });
      expect(admitted).toEqual([true, true, true, false]);
    });

    it('ejects for 5 s, 10 s … up to 300 s', () => {
      const lasted: number[] = [5];
      let nowMs = 5000;
      while (lasted.length < 9) {
        fail(1, nowMs);
        let seconds = 0;
        while (breaker.stateAt(nowMs + seconds * 1000) === 'open') seconds++;
        lasted.push(seconds);
        nowMs += seconds * 1000;
      }
      expect(lasted).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    });

    it('remembers past ejections for 300 s of being well, and then no more', () => {
      answer(1, 5000);
      fail(5, 304_999);
      expect(breaker.stateAt(314_998)).toBe('open');
      answer(1, 314_999);
      fail(5, 614_999);
      expect(breaker.stateAt(619_998)).toBe('open');
      expect(breaker.stateAt(619_999)).toBe('half-open');
    });
  });

  describe('probed', () => {
    it('opens when it is found down, until it is found up', () => {
      breaker.probed('down', 0);
      expect([breaker.stateAt(0), breaker.isDown]).toEqual(['open', true]);
      expect(breaker.stateAt(1_000_000)).toBe('open');
      breaker.probed('up', 1_000_000);
      expect([breaker.stateAt(1_000_000), breaker.isDown]).toEqual(['half-open', false]);
      answer(1, 1_000_000);
      expect(breaker.stateAt(1_000_000)).toBe('closed');
    });

    it('brings back at once what failed and then was found down', () => {
      fail(5, 0);
      breaker.probed('down', 1000);
      expect(breaker.stateAt(60_000)).toBe('open');
      breaker.probed('up', 60_000);
      expect(breaker.stateAt(60_000)).toBe('half-open');
    });

    it('changes nothing when it is found as it was', () => {
      breaker.probed('up', 0);
      expect(breaker.stateAt(0)).toBe('closed');
      breaker.probed('down', 0);
      breaker.probed('down', 1);
      breaker.probed('up', 2);
      expect(breaker.stateAt(2)).toBe('half-open');
    });

    it('does not shorten the ejection of one that answers probes but not requests', () => {
      fail(5, 0);
      breaker.probed('up', 1000);
      expect(breaker.stateAt(1000)).toBe('open');
    });

    it('is not contradicted by requests that began before or since', () => {
      const before = breaker.begin(0);
      breaker.probed('down', 0);
      breaker.answered(before, 1);
      answer(1, 1);
      fail(10, 1);
      expect([breaker.stateAt(1), breaker.isDown]).toEqual(['open', true]);
    });
  });
});
