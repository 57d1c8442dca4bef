import { REASONING_OUTPUTS, type ReasoningOutput } from '../config/typed/reasoning-policy.js';
import { ExchangeError } from '../exchange/exchange-error.js';

/** The output a client asked for with `x-sluice-reasoning`; null leaves it to the configuration. */
export type RequestedOutput = ReasoningOutput | null;

/**
 * @param value - of the header, null when it is absent
 * @throws ExchangeError `invalid_value` for a word that is none, naming those that are
 */
export function requestedOutput(value: string | null): RequestedOutput {
  if (value === null) return null;
  const wanted = value.trim().toLowerCase();
  const output = REASONING_OUTPUTS.find((known) => known === wanted);
  if (output !== undefined) return output;
  throw new ExchangeError(
    'invalid_value',
    `x-sluice-reasoning must be one of: ${REASONING_OUTPUTS.join(', ')}`,
    { param: 'x-sluice-reasoning' },
  );
}
