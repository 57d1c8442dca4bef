import { modelNameProblem } from '../rules/model-name.js';
import { BackendSection } from './backend.section.js';
import { Text } from './checks.js';
import { Key } from './key.js';
import { ModelSection } from './model.section.js';
import { Section, Sections, SectionsByName } from './nested.js';
import { SettingsSection } from './settings.section.js';

/** The whole of `config.json`. */
export class ConfigSection {
  @Key('The JSON Schema by which editors complete and check.', Text())
  $schema?: string;

  @Key('Model servers, in the order in which they are preferred.', Sections(BackendSection))
  primary_backends: BackendSection[] = [];

  @Key('Model servers used when none of primary_backends can serve.', Sections(BackendSection))
  fallback_backends: BackendSection[] = [];

  @Key(
    'Names offered to clients. The entry "default" serves chat requests that name no model.',
    SectionsByName(ModelSection, modelNameProblem),
  )
  // The type is written out for class-transformer, which reads it to tell a map from an object.
  models: Map<string, ModelSection> = new Map<string, ModelSection>();

  @Key('What holds for all backends.', Section(SettingsSection))
  settings = new SettingsSection();
}
