/**
 * A way to write a `Transfer-Encoding` field that one reader takes for `chunked` and another does
 * not: what request smuggling is made of (RFC 9112 §11.2).
 */
export interface Gadget {
  readonly name: string;
  /** Everything between the line end before it and its own, without either. */
  readonly line: string;
}

const FIELD = 'Transfer-Encoding';

/** Characters that some readers skip, and none may. */
const ODD_BYTES = [
  ...['\x00', '\x01', '\x07', '\x08', '\x0b', '\x0c', '\x1b', '\x1f', '\x7f'],
  ...['\x80', '\x85', '\xa0', '\xad', '\xff', '"', "'", ',', ';', ':', '/', '\\', '(', '='],
];

const CODINGS = [
  ...['identity', 'gzip', 'x-chunked', 'xchunked', 'chunkedx', 'chunk', 'chunked-x', 'cow'],
  ...[
    'chunked, identity',
    'identity, chunked',
    'chunked, chunked',
    'chunked,gzip',
    'gzip, chunked',
  ],
  ...[
    'chunked;',
    'chunked;q=1',
    ';chunked',
    ',chunked',
    'chunked,',
    ', chunked ,',
    'chunked chunked',
  ],
  ...['"chunked"', "'chunked'", '<chunked>', 'chunked:', 'Chunked identity', '\u00e7hunked', ''],
];

const ROTTEN_NAMES = [
  ...['Transfer Encoding', 'Transfer-Encoding ', 'Transfer-Encoding\t', ' Transfer-Encoding'],
  ...[
    '\tTransfer-Encoding',
    'Transfer-Encoding\x00',
    '\x00Transfer-Encoding',
    'Transfer\x00-Encoding',
  ],
  ...[
    'Transfer-Encoding\x0b',
    'Transfer-Encoding\x0c',
    '(Transfer-Encoding)',
    'Transfer-Encoding:',
  ],
  ...['"Transfer-Encoding"', 'Transfer-Encoding;', 'Transfer-Encoding,', 'Transfer\xadEncoding'],
  ...['Transfer/Encoding', 'Transfer\\Encoding', '@Transfer-Encoding', 'Transfer-Encoding\xa0'],
];

const LINES_WITHIN = [
  ...['X: y\nTransfer-Encoding: chunked', 'X: y\rTransfer-Encoding: chunked'],
  ...[
    '\nTransfer-Encoding: chunked',
    '\rTransfer-Encoding: chunked',
    'X: y\n\rTransfer-Encoding: chunked',
  ],
  ...[
    'Transfer-Encoding:\n chunked',
    'Transfer-Encoding:\r\n chunked',
    'Transfer-Encoding:\r\n\tchunked',
  ],
  ...[
    'Transfer-Encoding\r\n: chunked',
    'Transfer-Encoding:\r chunked',
    'Transfer-\r\nEncoding: chunked',
  ],
  ...['X: y\r\n Transfer-Encoding: chunked', 'X:\r\nTransfer-Encoding\r\n :chunked'],
  ...[
    'Transfer-Encoding: chunked\n',
    'Transfer-Encoding: chunked\r',
    'Transfer-Encoding: chunked\r\n\r',
  ],
  ...['Transfer-Encoding: chun\r\n ked', 'Transfer-Encoding: chunked\x00\r\nX: y'],
];

const quoted = (text: string): string => JSON.stringify(text).replace(/[^ -~]/g, hex);
const hex = (character: string): string =>
  `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
const named = (line: string): Gadget => ({ name: quoted(line), line });

/** Fields whose coding is not `chunked` to the letter, or whose bytes are no field. */
export const BROKEN_CODINGS: readonly Gadget[] = [
  ...CODINGS.map((coding) => `${FIELD}: ${coding}`),
  ...ODD_BYTES.flatMap((byte) => [
    `${FIELD}: ${byte}chunked`,
    `${FIELD}: chunked${byte}`,
    `${FIELD}: chun${byte}ked`,
    `${FIELD}:${byte}chunked`,
    // The one that may stand in a name makes it another.
    ...(byte === "'" ? [] : [`${FIELD}${byte}: chunked`, `${byte}${FIELD}: chunked`]),
  ]),
  ...ROTTEN_NAMES.map((name) => `${name}: chunked`),
  ...LINES_WITHIN,
].map(named);

/** The same field in every spelling that RFC 9110 §5 allows. */
export const PROPER_CODINGS: readonly Gadget[] = [
  'Transfer-Encoding: chunked',
  'transfer-encoding: chunked',
  'TRANSFER-ENCODING: CHUNKED',
  'tRANSFER-eNCODING:cHUNKED',
  'Transfer-Encoding:\t \tchunked',
].map(named);

/** Other fields, whatever a careless backend might read into them. */
export const OTHER_FIELDS: readonly Gadget[] = [
  'X-Transfer-Encoding: chunked',
  'Transfer-Encoding-X: chunked',
  'Transfer-Encodin: chunked',
  'Transfer.Encoding: chunked',
  "Transfer'Encoding: chunked",
  'X: Transfer-Encoding: chunked',
  'TE: chunked',
  'Content-Encoding: chunked',
].map(named);

/** A name that becomes `Transfer-Encoding` where names turn into variables (RFC 3875 §4.1.18). */
export const DISGUISED_FIELDS: readonly Gadget[] = [
  'Transfer_Encoding: chunked',
  'transfer_encoding: chunked',
  'TRANSFER_ENCODING: chunked',
].map(named);
