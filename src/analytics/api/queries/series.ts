import { type CompiledQuery, sql } from 'kysely';
import { type Row } from '../../store/exchange-store.js';
import { queries } from '../../store/queries.js';
import { type GivenParameters } from '../parameters/given-parameters.js';
import { type JsonSchema, wrong } from '../parameters/parameter.js';
import { type Period } from '../parameters/period.js';
import { STEP_PARAMETER } from '../parameters/step.js';
import { numberOrZero } from '../row-values.js';
import { isSelected, type Selection, selectionOf } from './selection.js';
import { TOTAL_COLUMNS } from './total-columns.js';
import { type Totals, TOTALS_SCHEMA, totalsOf } from './totals.js';

/** What one step of a series adds up to. */
export interface SeriesPoint extends Totals {
  /** ISO 8601: where the step begins. */
  readonly from: string;
}

/** Steps of a period, all of one length, beginning at multiples of it since 1970. */
export interface SeriesPlan {
  readonly selection: Selection;
  readonly stepSeconds: number;
  /** In steps since 1970. */
  readonly firstStep: number;
  readonly steps: number;
}

const DAY_MS = 86_400_000;

/** A chart has fewer pixels; each point is half a kilobyte of JSON. */
const MAX_STEPS = 10_000;

/**
 * @param nowMs - where a series ends that names no end; one without a beginning has a day
 * @throws ExchangeError `invalid_value`, naming `step` where there would be too many points
 */
export function seriesPlan(given: GivenParameters, nowMs: number): SeriesPlan {
  const { period, filters } = selectionOf(given);
  const stepSeconds = given.value(STEP_PARAMETER);
  const stepMs = stepSeconds * 1_000;
  const { fromMs, toMs } = boundedPeriod(period, nowMs);
  const firstStep = Math.floor(fromMs / stepMs);
  const steps = Math.max(0, Math.ceil(toMs / stepMs) - firstStep);
  if (steps > MAX_STEPS) {
    throw wrong('step', `is too short: the period has ${steps} of them, ${MAX_STEPS} at most`);
  }
  return { selection: { period: { fromMs, toMs }, filters }, stepSeconds, firstStep, steps };
}

interface BoundedPeriod extends Period {
  readonly fromMs: number;
  readonly toMs: number;
}

function boundedPeriod({ fromMs, toMs }: Period, nowMs: number): BoundedPeriod {
  // What started in this very millisecond belongs to it.
  const endMs = toMs ?? Math.max(nowMs + 1, fromMs ?? 0);
  return { fromMs: fromMs ?? Math.max(0, endMs - DAY_MS), toMs: endMs };
}

/** Answered with a row for each step that is not empty. */
export function seriesQuery({ selection, stepSeconds }: SeriesPlan): CompiledQuery {
  const step = sql`cast(floor(extract(epoch from started_at) / ${stepSeconds}) as bigint)`;
  return queries
    .selectFrom('sluice_exchanges')
    .select(step.as('step'))
    .select(TOTAL_COLUMNS)
    .where(isSelected(selection))
    .groupBy(sql.ref('step'))
    .compile();
}

/** A point for each step, also where nothing happened. */
export function seriesPoints(rows: readonly Row[], plan: SeriesPlan): readonly SeriesPoint[] {
  const byStep = new Map(rows.map((row) => [numberOrZero(row, 'step'), row]));
  return Array.from({ length: plan.steps }, (_, index) => {
    const step = plan.firstStep + index;
    const from = new Date(step * plan.stepSeconds * 1_000).toISOString();
    return { from, ...totalsOf(byStep.get(step) ?? null) };
  });
}

/** What a {@link SeriesPoint} looks like, for the OpenAPI document. */
export const SERIES_POINT_SCHEMA: Readonly<Record<keyof SeriesPoint, JsonSchema>> = {
  from: { type: 'string', format: 'date-time', description: 'Where the step begins.' },
  ...TOTALS_SCHEMA,
};
