// The program of the process that has the database file open: the gateway starts it, and it ends
// when the gateway closes the channel, or is no more.
import { Socket } from 'node:net';
import { umask } from 'node:process';
import { leaveSignalsToGateway } from '../../../../process/gateway-signals.js';
import { toLowestPriority } from '../../../../process/lowest-priority.js';
import { PipeInlet } from '../../../../process/pipe-inlet.js';
import { type DuckDbAnswer, type NumberedAnswer, type NumberedCall } from './duckdb-call.js';
import { DuckDbHost } from './duckdb-host.js';
import { BATCH_PIPE } from './duckdb-stdio.js';

// Records tell who used what: the owner may write them, the group may read them, nobody else either.
umask(0o027);

const inlet = new PipeInlet(new Socket({ fd: BATCH_PIPE, writable: false }));
const host = new DuckDbHost((bytes) => inlet.take(bytes));

async function answer({ number, call }: NumberedCall): Promise<void> {
  const tell = (answer: DuckDbAnswer): void => {
    const numbered: NumberedAnswer = { number, answer };
    // It fails when the gateway has gone, which is told by the end of the channel as well.
    process.send?.(numbered, undefined, undefined, () => undefined);
  };
  const last = await host.answer(call, tell);
  // What had to be done before anything can be written; from here on answers to clients come first.
  if (call.do === 'open') toLowestPriority();
  tell(last);
}

async function end(): Promise<void> {
  await host.close();
  process.exit();
}

leaveSignalsToGateway();
process.on('message', (message: NumberedCall) => void answer(message));
process.once('disconnect', () => void end());
// The gateway may have gone while this was loading.
if (!process.connected) void end();
