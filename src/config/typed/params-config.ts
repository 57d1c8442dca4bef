/**
 * What becomes of the parameters of a request: top-level members of its JSON. No name is in more
 * than one of the lists: one that is dropped is not set, and one that is set needs no default.
 */
export interface ParamsConfig {
  /** Over what the request says. */
  readonly set: readonly ParameterConfig[];
  /** Where the request says nothing. */
  readonly default: readonly ParameterConfig[];
  /** Names of the parameters that are removed. */
  readonly drop: readonly string[];
}

/** A parameter and its value. */
export interface ParameterConfig {
  readonly name: string;
  /** The value as JSON text. */
  readonly json: string;
}
