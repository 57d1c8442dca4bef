/** Most models told apart, and the longest name of one. */
const MAX_MODELS = 100;
const MAX_CHARS = 128;

/** What the models beyond the bound share. */
const OTHER = 'other';

/** Names of models as metric labels: the first hundred by their name, all others as one. */
export class ModelLabels {
  readonly #known = new Set<string>();

  labelOf(model: string | null): string {
    if (model === null) return 'none';
    if (this.#known.has(model)) return model;
    if (this.#known.size === MAX_MODELS || model.length > MAX_CHARS) return OTHER;
    this.#known.add(model);
    return model;
  }
}
