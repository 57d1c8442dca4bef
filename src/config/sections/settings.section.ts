import { apiKeyProblem } from '../rules/header-fields.js';
import { affinityProblem } from '../typed/affinity.js';
import { readListen } from '../typed/listen-address.js';
import { LOG_LEVELS, type LogLevel } from '../typed/settings-config.js';
import { AnalyticsSection } from './analytics.section.js';
import { Count, Flag, OneOf, Seconds, Share, SomeSeconds, TextThat } from './checks.js';
import { Key } from './key.js';
import { Section } from './nested.js';
import { ParamsSection } from './params.section.js';
import { QueueSection } from './queue.section.js';
import { ReasoningSection } from './reasoning.section.js';
import { Timeout, type TimeoutSection } from './timeout.section.js';

const MIB = 1_048_576;

/** `settings.limits`. */
export class LimitsSection {
  // A JSON body becomes one string, and those end at 512 MiB.
  @Key('Most bytes of a request body that must be read as JSON.', Count({ max: 256 * MIB }))
  body_bytes = 32 * MIB;

  @Key('Most exchanges at once.', Count({ max: 1_000_000 }))
  in_flight = 10_000;

  @Key('Most bytes of a request target.', Count({ max: MIB }))
  target_bytes = 8192;

  @Key('Most bytes of a request head.', Count({ max: MIB }))
  header_bytes = 32_768;

  @Key(
    'Seconds by which the head must have arrived, and for which a body may stall.',
    SomeSeconds(),
  )
  request_seconds = 30;

  @Key(
    'Seconds in which a client takes no byte of a reply that waits for it, after which it is left; 0 = no limit.',
    Seconds(),
  )
  stalled_reader_seconds = 600;
}

/** `settings.tls`: both files or neither. */
export class TlsSection {
  @Key('PEM file with the certificate chain of the listener.', TextThat(pairProblem))
  cert = '';

  @Key('PEM file with its private key.', TextThat(pairProblem))
  key = '';
}

/** `settings.retries`: how often a request is sent once more. */
export class RetriesSection {
  @Key(
    'Most repeats of one request after its first attempt; 0 = never.',
    Count({ min: 0, max: 10 }),
  )
  attempts = 2;

  @Key('Most repeats as a share of recent requests.', Share())
  budget = 0.2;
}

/** `settings.drain`: what happens after SIGTERM. */
export class DrainSection {
  @Key('Seconds in which readiness is 503 while requests are still served.', Seconds())
  delay = 5;

  @Key('Seconds after that in which running exchanges may finish.', Seconds())
  deadline = 300;
}

/** `settings.log`. */
export class LogSection {
  @Key('Least severe lines that are written.', OneOf(LOG_LEVELS))
  level: LogLevel = 'info';

  @Key(
    'Whether the bodies of each exchange are logged, within the max_bytes and redact of analytics.capture.',
    Flag(),
  )
  bodies = false;
}

/** `settings`: what holds for all backends. */
export class SettingsSection {
  @Key('host:port to listen on; IPv6 in brackets.', TextThat(listenProblem))
  listen = '0.0.0.0:8080';

  @Key(
    "Seconds of silence until the reply's head and between two chunks, or each limit by itself.",
    Timeout(),
  )
  timeout: number | TimeoutSection = 600;

  @Key('When a request is sent once more.', Section(RetriesSection))
  retries = new RetriesSection();

  @Key('Parameters of every request.', Section(ParamsSection))
  params = new ParamsSection();

  @Key(
    'Keeps a conversation on one backend: by the value of a header ("header:NAME") or by its first messages ("prefix").',
    TextThat(affinityProblem),
  )
  affinity = '';

  @Key('Where requests wait for a backend that is at its max_in_flight.', Section(QueueSection))
  queue = new QueueSection();

  @Key('How reasoning is read and written.', Section(ReasoningSection))
  reasoning = new ReasoningSection();

  @Key('Seconds of silence after which a stream gets a comment line; 0 = never.', Seconds())
  keepalive = 15;

  @Key('Bounds on what clients may send.', Section(LimitsSection))
  limits = new LimitsSection();

  @Key(
    'Certificate and key of the listener; without them it speaks plain HTTP.',
    Section(TlsSection),
  )
  tls = new TlsSection();

  @Key('How Sluice stops.', Section(DrainSection))
  drain = new DrainSection();

  @Key(
    'Bearer key for /analytics. Unset: only loopback clients whose request was not forwarded.',
    TextThat((key) => (key === '' ? null : apiKeyProblem(key))),
  )
  admin_key = '';

  @Key('Who used what.', Section(AnalyticsSection))
  analytics = new AnalyticsSection();

  @Key('What is logged.', Section(LogSection))
  log = new LogSection();
}

function listenProblem(listen: string): string | null {
  return readListen(listen) === null
    ? 'must be host:port, such as 0.0.0.0:8080 or [::1]:8080'
    : null;
}

function pairProblem(file: string, section: object): string | null {
  const { cert, key } = { cert: '', key: '', ...section };
  return file === '' && (cert !== '' || key !== '')
    ? 'must be set too: cert and key go together'
    : null;
}
