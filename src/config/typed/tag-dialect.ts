/** A pair of markers around the reasoning, and what is special about them. */
export interface TagDialectConfig {
  readonly open: string;
  readonly close: string;
  /** The message begins inside reasoning. */
  readonly implicitOpen: boolean;
  readonly scope: 'leading' | 'anywhere';
  readonly trim: 'lead' | 'none';
  /** Markers that end reasoning and stay in the content. */
  readonly toolOpen: readonly string[];
  readonly strayClose: 'keep' | 'drop';
  /** Text that belongs to the open marker when it follows it. */
  readonly openLabel: string;
  /** Markers around the answer, removed. */
  readonly contentOpen: readonly string[];
  readonly contentClose: readonly string[];
  /** Put between two blocks of reasoning, and between the pieces of content around a block. */
  readonly join: string;
}

/** What holds where a tag dialect says nothing. */
export const TAG_DEFAULTS = {
  implicitOpen: false,
  scope: 'leading',
  trim: 'lead',
  toolOpen: [],
  strayClose: 'keep',
  openLabel: '',
  contentOpen: [],
  contentClose: [],
  join: '',
} as const satisfies Omit<TagDialectConfig, 'open' | 'close'>;
