import { type Parameter, single, wrong } from './parameter.js';

/** What tells one parameter with a closed list of values from another. */
export interface ChoiceOptions<Choice extends string> {
  readonly name: string;
  readonly description: string;
  readonly choices: readonly Choice[];
}

/** One of a closed list, which must be given. */
export function choiceParameter<Choice extends string>({
  name,
  description,
  choices,
}: ChoiceOptions<Choice>): Parameter<Choice> {
  return {
    name,
    description,
    schema: { type: 'string', enum: choices },
    isRequired: true,
    read: (texts) => {
      const text = single(name, texts);
      if (text === null) throw wrong(name, `is missing; it is one of ${choices.join(', ')}`);
      return choiceOf(name, text, choices);
    },
  };
}

/** @throws ExchangeError `invalid_value` that names the parameter and its choices */
export function choiceOf<Choice extends string>(
  name: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw wrong(name, `must be one of ${choices.join(', ')}`);
  return choice;
}
