import { type CustomTypesConfig } from 'pg';
import { isoTime } from '../../store/iso-time.js';

// Numbers of types in PostgreSQL's catalogue, src/include/catalog/pg_type.dat.
const INT8 = 20;
const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;
const NUMERIC = 1700;

type ReadText = (text: string) => unknown;

interface BuiltInTypes {
  readonly getTypeParser: (oid: number, format?: 'text' | 'binary') => ReadText;
}

/**
 * Reads values as plain JSON. Sums and counts come as numbers: above 2^53 they lose their last
 * digits, as they would in any JSON reader.
 *
 * @param builtIn - reads all other types.
 */
export function postgresTypes(builtIn: BuiltInTypes): CustomTypesConfig {
  const own = new Map<number, ReadText>([
    [INT8, Number],
    [NUMERIC, Number],
    [TIMESTAMP, isoTime],
    [TIMESTAMPTZ, isoTime],
  ]);
  return {
    getTypeParser: (oid, format): ReadText => own.get(oid) ?? builtIn.getTypeParser(oid, format),
  };
}
