import { jsonStringBytes } from '../../../wire/byte-text.js';
import { encodeSseData } from '../../../wire/sse/sse-encoder.js';
import { type Piece } from '../pipeline/piece.js';
import {
  type DeltaTemplate,
  endsLike,
  isPlain,
  readRawString,
  slotsIn,
  TemplateStore,
} from './delta-template.js';
import { type EventRun, readRun } from './event-run.js';

/** How many events are looked for at first, before it shows that there are many of one form. */
const FIRST_RUN_EVENTS = 4;

/** Deals with those events of a stream that fit a template, without parsing them. */
export class TemplatedEvents {
  readonly #templates = new TemplateStore();

  /** @param emit - takes what leaves, as bytes */
  constructor(private readonly emit: (bytes: string) => void) {}

  /** Whether it pays to make another template. */
  get isWorthTemplate(): boolean {
    return this.#templates.isWorthFilling;
  }

  add(template: DeltaTemplate): void {
    this.#templates.add(template);
  }

  /** Something changed that templates are made by. */
  forget(): void {
    this.#templates.clear();
  }

  /** @returns whether the event was dealt with; else it must be parsed */
  takeOne(block: string): boolean {
    const template = this.#templates.find(block);
    return template !== null && this.#takeOne(block, template);
  }

  /**
   * Deals with as many events as it can, those of one form all at once.
   *
   * @param start - where an event begins
   * @returns where the first one begins that must be parsed, or is not whole
   */
  take(bytes: string, start: number): number {
    let at = start;
    // Twice as many each time, so that little is looked at in vain.
    for (let most = FIRST_RUN_EVENTS; at < bytes.length; most *= 2) {
      const template = this.#templates.beginningAt(bytes, at);
      if (template === null) return at;
      if (bytes.length - at < 2 * (template.prefix.length + template.suffix.length)) {
        const block = bytes.slice(at);
        const isTaken = endsLike(template, block) && this.#takeOne(block, template);
        return isTaken ? bytes.length : at;
      }
      const run = readRun(bytes, at, most, template);
      if (run === null || !this.#takeRun(bytes.slice(at, run.end), run, template)) return at;
      at = run.end;
    }
    return at;
  }

  #takeOne(block: string, template: DeltaTemplate): boolean {
    const { prefix, suffix, choice, source, isUnchanged, frame } = template;
    const { pipeline } = choice;
    const slots = slotsIn(block.slice(prefix.length, block.length - suffix.length), template);
    if (slots === null || !isPlain(slots.obfuscation)) return false;
    const text = readRawString(slots.text);
    if (text === null) return false;
    this.#templates.served();
    const isContent = source === 'content';
    const isKept = source === 'kept';
    const passesUnread = text === '' || isKept || (isContent && pipeline.isSettled);
    if (isKept) pipeline.reasoningKept();
    if (passesUnread && isUnchanged) {
      this.emit(block);
      return true;
    }
    // Empty but for what is left out, such as a role that was sent before: nothing remains.
    if (text === '') return true;
    const hadMatched = pipeline.hasMatched;
    if (isContent) pipeline.content(text);
    else pipeline.reasoning(text);
    const blockOf = (piece: Piece): string => {
      if (piece.kind === 'call') return encodeSseData(template.callChunk(piece));
      if (piece.text === text) return frame(piece.kind).write(slots);
      const literal = jsonStringBytes(piece.text).slice(1, -1);
      return frame(piece.kind).write({ ...slots, text: literal });
    };
    for (const piece of pipeline.take()) this.emit(blockOf(piece));
    if (pipeline.hasMatched !== hadMatched) this.forget();
    return true;
  }

  /** @returns false where the events have to be looked at one by one */
  #takeRun(blocks: string, run: EventRun, template: DeltaTemplate): boolean {
    const { raws, obfuscations, text } = run;
    const { source, frame, isUnchanged, choice } = template;
    const { pipeline } = choice;
    this.#templates.served();
    if (source === 'kept') {
      pipeline.reasoningKept();
      this.emit(blocks);
      return true;
    }
    const kind = source === 'content' ? pipeline.passing(text) : pipeline.passingField();
    if (kind === null) return false;
    if (kind === source && isUnchanged) this.emit(blocks);
    else if (kind !== 'nothing') this.emit(frame(kind).writeAll(raws, obfuscations));
    return true;
  }
}
