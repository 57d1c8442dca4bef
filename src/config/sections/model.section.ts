import { affinityProblem } from '../typed/affinity.js';
import { Text, Texts, TextThat } from './checks.js';
import { Key } from './key.js';
import { Section } from './nested.js';
import { ParamsSection } from './params.section.js';
import { ReasoningSection } from './reasoning.section.js';

/** An entry of `models`: what a name offered to clients stands for. */
export class ModelSection {
  @Key('The model the backend is asked for. Default: the requested name.', Text())
  model = '';

  @Key(
    'Names of the backends that serve it, whatever their own globs say. Default: every one.',
    Texts({ minItems: 1 }),
  )
  backends?: string[];

  @Key('Parameters of its requests, over those of backend and settings.', Section(ParamsSection))
  params = new ParamsSection();

  @Key(
    'How reasoning is read and written; each key over that of backend and settings.',
    Section(ReasoningSection),
  )
  reasoning = new ReasoningSection();

  @Key('Text put at the end of the last user message of a chat request.', Text())
  append_to_last_user_message = '';

  @Key('As in settings, which it wins over; "" turns stickiness off.', TextThat(affinityProblem))
  affinity?: string;
}
