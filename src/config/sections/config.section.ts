import { BackendSection } from './backend.section.js';
import { Text } from './checks.js';
import { Key } from './key.js';
import { Section, Sections } from './nested.js';
import { SettingsSection } from './settings.section.js';

/** The whole of `config.json`. */
export class ConfigSection {
  @Key('The JSON Schema by which editors complete and check.', Text())
  $schema?: string;

  @Key('Model servers, in the order in which they are preferred.', Sections(BackendSection))
  primary_backends: BackendSection[] = [];

  @Key('What holds for all backends.', Section(SettingsSection))
  settings = new SettingsSection();
}
