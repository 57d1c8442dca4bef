import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { projectPath } from './tools.js';

export const DASHBOARD = 'deploy/grafana/sluice.json';
export const ALERTS = 'deploy/prometheus/alerts.yaml';
export const ALERT_CASES = 'deploy/prometheus/alerts.test.yaml';

/** A PromQL expression and where it stands. */
export interface Expression {
  readonly where: string;
  readonly text: string;
}

/** A panel, or a row heading without targets. */
export interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly { readonly expr: string }[];
}

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly definition?: string }[];
  };
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly Alert[] }[];
}

function readText(path: string): string {
  return readFileSync(projectPath(path), 'utf8');
}

export function panels(): readonly Panel[] {
  return (JSON.parse(readText(DASHBOARD)) as Dashboard).panels;
}

export function alerts(): readonly Alert[] {
  return (parse(readText(ALERTS)) as Rules).groups.flatMap(({ rules }) => rules);
}

/** Names of the alerts that have a case. */
export function alertCases(): readonly string[] {
  const { tests } = parse(readText(ALERT_CASES)) as { readonly tests: readonly { name: string }[] };
  return tests.map(({ name }) => name);
}

/** What the panels show. */
export function panelExpressions(): readonly Expression[] {
  return panels().flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ where: `the panel "${title}"`, text: expr })),
  );
}

/** What the dashboard's variables are filled with. */
export function variableExpressions(): readonly Expression[] {
  const { list } = (JSON.parse(readText(DASHBOARD)) as Dashboard).templating;
  return list.flatMap(({ name, definition }) =>
    definition === undefined ? [] : [{ where: `the variable "${name}"`, text: definition }],
  );
}

export function alertExpressions(): readonly Expression[] {
  return alerts().map(({ alert, expr }) => ({ where: `the alert ${alert}`, text: expr }));
}

/** The metrics that an expression asks for. */
export function metricsIn(expression: string): readonly string[] {
  return expression.match(/\bsluice_[a-z0-9_]+/g) ?? [];
}
