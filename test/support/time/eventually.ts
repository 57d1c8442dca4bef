/**
 * Asks again and again until the answer is the awaited one; each question is a round trip, so
 * nothing spins. The test's own timeout is the bound.
 */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  isAwaited: (answer: Answer) => boolean,
): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (isAwaited(answer)) return answer;
  }
}
