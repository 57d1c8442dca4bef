import { type ExchangeRecord } from '../../record/exchange-record.js';
import { recordIn, RecordLines } from '../../record/record-lines.js';
import { type RecordBatch } from '../../sinks/sink.js';
import { batchWith } from '../sealed-batch.js';

/** Characters parsed at a stretch: about a millisecond. */
const PIECE_CHARS = 262_144;

/**
 * The records of a segment in batches, each parsed when it is asked for.
 *
 * @param onTorn - called for each line that is no record: the process was killed while it wrote.
 */
export function* spooledBatches(text: string, onTorn: () => void): Generator<RecordBatch> {
  let start = 0;
  while (start < text.length) {
    const end = pieceEnd(text, start);
    const batch = parsePiece(text.slice(start, end), onTorn);
    if (batch.count > 0) yield batch;
    start = end;
  }
}

/** After the last line feed within the piece, or after the first one beyond it. */
function pieceEnd(text: string, start: number): number {
  if (text.length - start <= PIECE_CHARS) return text.length;
  const within = text.lastIndexOf('\n', start + PIECE_CHARS - 1);
  if (within >= start) return within + 1;
  const beyond = text.indexOf('\n', start + PIECE_CHARS);
  return beyond < 0 ? text.length : beyond + 1;
}

function parsePiece(piece: string, onTorn: () => void): RecordBatch {
  const records: ExchangeRecord[] = [];
  const lines = new RecordLines();
  for (const line of piece.split('\n')) {
    if (line === '') continue;
    const record = recordIn(line);
    if (record === null) {
      onTorn();
      continue;
    }
    records.push(record);
    lines.add(record, `${line}\n`);
  }
  return batchWith(records, lines.take());
}
