/** Told what a reply holds as it is read, whatever the client is shown of it. Must not throw. */
export interface ReplyObserver {
  /** Text of reasoning came; called for each piece. */
  reasoningSeen(): void;
  /** Text of the answer, a refusal or a tool call came; called at least for the first piece. */
  answerSeen(): void;
  /** A block of reasoning was read in the text. */
  blockRead(dialect: string): void;
  /** The text ended within a block. */
  blockUnclosed(dialect: string): void;
  /** A tool call that was written as text was left out. */
  callDropped(): void;
  /** A choice finished. */
  finished(reason: string): void;
  /** The `usage` object of the reply, as parsed. */
  usageSeen(usage: Readonly<Record<string, unknown>>): void;
  /** The reply was not read, as nothing in it can matter: what it used and how it ended was not told. */
  unread(): void;
  /** Something of the reply is not as the backend sent it. */
  rewritten(): void;
}

/** Of a reply that says again what came before: only how it ended may be news. */
export function observerOfRepeats(observer: ReplyObserver): ReplyObserver {
  return {
    reasoningSeen: () => undefined,
    answerSeen: () => undefined,
    blockRead: () => undefined,
    blockUnclosed: () => undefined,
    callDropped: () => undefined,
    finished: (reason) => {
      observer.finished(reason);
    },
    usageSeen: () => undefined,
    unread: () => undefined,
    rewritten: () => undefined,
  };
}
