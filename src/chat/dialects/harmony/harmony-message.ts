import { type BlockEnd, type SegmentSink } from '../dialect.js';
import { type MessageKind } from './harmony-header.js';

/** Tells the sink of one harmony message after the other, each by its kind. */
export class HarmonyMessage {
  /** Of the message that is being read, or comes next. */
  kind: MessageKind = 'content';

  constructor(private readonly sink: SegmentSink) {}

  /** @param recipient - of a call, as emitted */
  open(recipient: string | null): void {
    if (this.kind === 'reasoning') this.sink.open();
    if (this.kind === 'call') this.sink.callOpen(recipient ?? '');
  }

  show(text: string): void {
    if (text === '') return;
    if (this.kind === 'reasoning') this.sink.reasoning(text);
    else if (this.kind === 'call') this.sink.callArguments(text);
    else this.sink.content(text);
  }

  close(cause: BlockEnd): void {
    if (this.kind === 'reasoning') this.sink.close(cause);
    if (this.kind === 'call') this.sink.callClose();
  }
}
