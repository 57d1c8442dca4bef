import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import { nearest } from '../../config/nearest.js';
import { ExchangeError } from '../../exchange/exchange-error.js';
import { queryOf } from './given.decorator.js';
import { type Parameter } from './parameters/parameter.js';

/** Refuses parameters that a path does not take: one that is misspelt must not go unnoticed. */
export class KnownParametersGuard implements CanActivate {
  readonly #names: readonly string[];

  constructor(parameters: readonly Parameter<unknown>[]) {
    this.#names = parameters.map(({ name }) => name);
  }

  /** @throws ExchangeError `bad_request` that names the parameter */
  canActivate(context: ExecutionContext): boolean {
    for (const name of queryOf(context).keys()) {
      if (!this.#names.includes(name)) throw this.#unknown(name);
    }
    return true;
  }

  #unknown(name: string): ExchangeError {
    const closest = nearest(name, this.#names);
    const hint = closest === null ? 'there are none here' : `did you mean ${closest}?`;
    const message = `there is no parameter ${JSON.stringify(name)}: ${hint}`;
    return new ExchangeError('bad_request', message, { param: name });
  }
}
