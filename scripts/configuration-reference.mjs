import { headingSlug } from './heading-slug.mjs';
import { sectionsOf } from './schema-sections.mjs';

/**
 * @typedef {import('./schema-sections.mjs').Schema} Schema
 * @typedef {import('./schema-sections.mjs').SchemaSection} SchemaSection
 */

const PREFACE = `<!-- Made of config.schema.json and .env.example by "npm run docs:configuration"; do not edit. -->

# Configuration reference

Every key of \`config.json\`, with its type, bounds and default, and every environment variable. \`npm run config:check\` says what a configuration means; [Backends](backends.md), [Reasoning](reasoning.md), [Analytics](analytics.md) and [Operating](operating.md) say what to do with it.

- The file is JSON with comments, \`config.json\` in the working directory or what \`SLUICE_CONFIG\` names. Relative paths in it begin at its folder.
- \`\${NAME}\` in a string is an environment variable, \`\${NAME:-text}\` has a default, \`\${file:/path}\` is the content of a file.
- An unknown key, a wrong value and a variable that is not set are refused, all of them at once, with exit code 78. After a reload the old configuration stays in force instead.
- A key that is left out has its default, or what a wider place says: \`settings\`, then a backend, then an entry of \`models\`.`;

/**
 * The reference in Markdown, as \`docs/configuration.md\` holds it.
 *
 * @param {Schema} schema the content of \`config.schema.json\`
 * @param {string} environment the content of \`.env.example\`
 * @returns {string}
 */
export function configurationReference(schema, environment) {
  const sections = sectionsOf(schema);
  const headings = new Map(sections.map((section) => [section.reference, headingOf(section)]));
  const contents = [...headings.values(), 'Environment variables'].map(
    (heading) => `- [${heading}](#${headingSlug(heading)})`,
  );
  const described = sections.map((section) => sectionText(section, headings));
  return `${[PREFACE, contents.join('\n'), ...described, environmentText(environment)].join('\n\n')}\n`;
}

/** @param {SchemaSection} section */
function headingOf({ name, paths }) {
  return name === null ? 'The file' : (name || paths.join(' and ')).replaceAll(/[^ ]+/g, quoted);
}

function quoted(word) {
  return word === 'and' ? word : code(word);
}

/**
 * @param {SchemaSection} section
 * @param {ReadonlyMap<string, string>} headings by reference
 */
function sectionText(section, headings) {
  const { name, paths, schema } = section;
  const places = paths.length > 1 && name ? [`At ${paths.map(code).join(', ')}.`] : [];
  const required = new Set(schema.required ?? []);
  const keys = Object.entries(schema.properties ?? {}).map(([key, property]) =>
    keyText(key, property, { isRequired: required.has(key), headings }),
  );
  return [`## ${headingOf(section)}`, ...places, keys.join('\n')].join('\n\n');
}

function keyText(key, property, { isRequired, headings }) {
  const facts = [
    typeOf(property, headings),
    ...(isRequired ? ['**required**'] : []),
    ...('default' in property ? [`default ${code(JSON.stringify(property.default))}`] : []),
  ];
  return `- ${code(key)}: ${plain(property.description ?? '')} (${facts.join('; ')})`;
}

/**
 * @param {Schema} property
 * @param {ReadonlyMap<string, string>} headings by reference
 * @returns {string}
 */
function typeOf(property, headings) {
  const { $ref, allOf, anyOf, enum: choices, type, items, additionalProperties } = property;
  const nested = (schema) => typeOf(schema, headings);
  if ($ref !== undefined) return linkTo(headings.get($ref) ?? $ref);
  if (allOf !== undefined) return allOf.map(nested).join(' and ');
  if (anyOf !== undefined) return anyOf.map(nested).join(', or ');
  if (choices !== undefined) return choices.map((choice) => code(choice)).join(', ');
  if (type === 'array') {
    const entries = nested(items) + (items.type === 'string' ? 's' : '');
    return `${filled(property.minItems)}list of ${entries}${sizeOf(property)}`;
  }
  if (type === 'object' && additionalProperties) return `object of ${nested(additionalProperties)}`;
  return `${filled(property.minLength)}${type ?? 'any value'}${rangeOf(property)}`;
}

function linkTo(heading) {
  return `[${heading}](#${headingSlug(heading)})`;
}

/** @param {number | undefined} least of a length, which is 1 wherever there is one */
function filled(least = 0) {
  return least > 0 ? 'non-empty ' : '';
}

/** @param {Schema} property */
function sizeOf({ maxItems }) {
  return maxItems === undefined ? '' : ` of at most ${maxItems}`;
}

/** @param {Schema} property */
function rangeOf({ minimum, maximum, exclusiveMinimum, maxLength }) {
  if (maxLength !== undefined) return ` of at most ${maxLength} characters`;
  if (minimum !== undefined)
    return maximum === undefined ? ` from ${minimum}` : ` ${minimum} to ${maximum}`;
  const most = maximum === undefined ? '' : ` up to ${maximum}`;
  return exclusiveMinimum === undefined ? most : ` above ${exclusiveMinimum}${most && ','}${most}`;
}

function environmentText(environment) {
  const blocks = environment.split('\n\n').slice(1);
  const variables = blocks.flatMap((block) => {
    let said = [];
    return block.split('\n').flatMap((line) => {
      const variable = /^([A-Z_]+)=/.exec(line)?.[1];
      if (variable === undefined) {
        said.push(line.replace(/^# ?/, ''));
        return [];
      }
      const text = `- ${code(variable)}: ${plain(said.join(' '))}`;
      said = [];
      return [text];
    });
  });
  return [
    '## Environment variables',
    'All optional. A set variable wins over the file; one of the real environment wins over `.env`, which is read from the working directory. Two that contradict each other are refused.',
    variables.join('\n'),
  ].join('\n\n');
}

function code(text) {
  return `\`${text}\``;
}

// What would be markup is literal here.
function plain(text) {
  return text.replaceAll(/[*<]/g, String.raw`\$&`);
}
