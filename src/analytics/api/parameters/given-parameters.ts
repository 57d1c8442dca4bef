import { type Parameter } from './parameter.js';

/** The parameters of a request; each is read when it is asked for. */
export class GivenParameters {
  constructor(private readonly query: URLSearchParams) {}

  /** @throws ExchangeError `invalid_value` that names the parameter */
  value<Value>({ name, read }: Parameter<Value>): Value {
    return read(this.query.getAll(name));
  }
}
