import { TAG_DEFAULTS, type TagDialectConfig } from '../typed/tag-dialect.js';
import { Flag, OneOf, Text, Texts, TextThat } from './checks.js';
import { Key, RequiredKey } from './key.js';

/** Longest marker: what a stream may have to hold back is as long as the longest marker. */
export const MAX_MARKER_CHARS = 1024;

/** `reasoning.input` as an object: a pair of markers of one's own. */
export class TagDialectSection {
  @RequiredKey(
    'Marker before the reasoning; may be empty only where implicit_open is true.',
    TextThat(openProblem),
  )
  open = '';

  @RequiredKey('Marker after the reasoning.', Text({ min: 1, max: MAX_MARKER_CHARS }))
  close = '';

  @Key('The message begins inside reasoning.', Flag())
  implicit_open: boolean = TAG_DEFAULTS.implicitOpen;

  @Key(
    'leading: a block counts only at the start of the message; anywhere: each block.',
    OneOf(['leading', 'anywhere']),
  )
  scope: TagDialectConfig['scope'] = TAG_DEFAULTS.scope;

  @Key(
    'lead: white space right after either marker goes where the markers go; none: it stays.',
    OneOf(['lead', 'none']),
  )
  trim: TagDialectConfig['trim'] = TAG_DEFAULTS.trim;

  @Key('Markers that end reasoning and stay in the content.', Texts({ max: MAX_MARKER_CHARS }))
  tool_open: string[] = [...TAG_DEFAULTS.toolOpen];

  @Key('What becomes of a close marker outside reasoning.', OneOf(['keep', 'drop']))
  stray_close: TagDialectConfig['strayClose'] = TAG_DEFAULTS.strayClose;

  @Key('Text that belongs to the open marker when it follows it.', Text({ max: MAX_MARKER_CHARS }))
  open_label: string = TAG_DEFAULTS.openLabel;

  @Key('Markers before the answer, removed.', Texts({ max: MAX_MARKER_CHARS }))
  content_open: string[] = [...TAG_DEFAULTS.contentOpen];

  @Key('Markers after the answer, removed.', Texts({ max: MAX_MARKER_CHARS }))
  content_close: string[] = [...TAG_DEFAULTS.contentClose];

  @Key(
    'Put between two blocks of reasoning, and between the pieces of content around a block.',
    Text({ max: MAX_MARKER_CHARS }),
  )
  join: string = TAG_DEFAULTS.join;
}

function openProblem(open: string, section: object): string | null {
  if (open.length > MAX_MARKER_CHARS) return `must have at most ${MAX_MARKER_CHARS} characters`;
  const isImplicit = 'implicit_open' in section && section.implicit_open === true;
  return open === '' && !isImplicit ? 'must not be empty unless implicit_open is true' : null;
}
