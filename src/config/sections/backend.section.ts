import { readBaseUrl } from '../rules/base-url.js';
import { apiKeyProblem } from '../rules/header-fields.js';
import { Count, SomeSeconds, Text, Texts, TextThat, Weight } from './checks.js';
import { FieldValues } from './field-values.js';
import { Key, RequiredKey } from './key.js';
import { Section } from './nested.js';
import { ParamsSection } from './params.section.js';
import { ReasoningSection } from './reasoning.section.js';
import { Timeout, type TimeoutSection } from './timeout.section.js';

/** More would make every other backend's share nothing. */
const MAX_WEIGHT = 1000;

/** `health` of a backend: how it is probed. */
export class HealthProbeSection {
  @Key("Path of the probe, appended to the backend's base URL.", TextThat(probePathProblem))
  path = '/models';

  @Key('Seconds between two probes.', SomeSeconds())
  interval = 10;
}

/** An entry of `primary_backends` or `fallback_backends`: where a model server is and what is special about it. */
export class BackendSection {
  @RequiredKey('Its name in logs, metrics and x-sluice-backend; unique.', TextThat(nameProblem))
  name = '';

  @RequiredKey(
    'OpenAI-style base URL, such as http://127.0.0.1:1234/v1. An entry whose url is "" is skipped.',
    TextThat(urlProblem),
  )
  url: string | null = null;

  @Key('If set: replaces the model of every request to this backend.', Text())
  model = '';

  @Key('Requested models it serves, globs (* and ?).', Texts({ minItems: 1 }))
  models: string[] = ['*'];

  @Key(
    "If set: sent as a bearer token instead of the client's key (Authorization, api-key, x-api-key).",
    TextThat((key) => (key === '' ? null : apiKeyProblem(key))),
  )
  api_key = '';

  @Key('Header fields added to every request to this backend.', FieldValues())
  headers: Record<string, string> = {};

  @Key('Share of the requests relative to other backends.', Weight({ max: MAX_WEIGHT }))
  weight = 1;

  @Key('Most exchanges with it at once; 0 = no limit.', Count({ min: 0, max: 1_000_000 }))
  max_in_flight = 0;

  @Key(
    "Seconds of silence until the reply's head and between two chunks, or each limit by itself. Default: that of settings.",
    Timeout(),
  )
  timeout?: number | TimeoutSection;

  @Key('Parameters of requests to this backend, over those of settings.', Section(ParamsSection))
  params = new ParamsSection();

  @Key(
    'How reasoning is read and written; each key over that of settings.',
    Section(ReasoningSection),
  )
  reasoning = new ReasoningSection();

  @Key('PEM file with the certificate authority of a private server.', Text())
  ca = '';

  @Key('How the backend is probed.', Section(HealthProbeSection))
  health = new HealthProbeSection();
}

function nameProblem(name: string): string | null {
  // It goes into a header of every reply and into metrics.
  return /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/.test(name)
    ? null
    : 'must have 1 to 64 printable ASCII characters';
}

function urlProblem(url: string): string | null {
  const read = url === '' ? null : readBaseUrl(url);
  return read?.kind === 'fault' ? read.problem : null;
}

function probePathProblem(path: string): string | null {
  return /^\/[\x21-\x7e]*$/.test(path)
    ? null
    : 'must begin with a slash and hold printable ASCII without spaces';
}
