import { type JsonSpan, member } from '../../wire/json/json-span.js';
import { isJsonObject } from '../../wire/json/json-value.js';
import { type ReplyObserver } from './reply-observer.js';

/** Notes the reply's `usage`, where it has one. */
export function noteUsage(json: string, root: JsonSpan, observer: ReplyObserver): void {
  const usage = member(root, 'usage')?.value;
  if (usage?.kind !== 'object') return;
  const value: unknown = JSON.parse(json.slice(usage.start, usage.end));
  if (isJsonObject(value)) observer.usageSeen(value);
}
