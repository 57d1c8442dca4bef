// The program of the process that counts tokens: the gateway starts it, and it ends when the gateway
// closes the pipe, or is no more.
import { Socket } from 'node:net';
import { leaveSignalsToGateway } from '../../../process/gateway-signals.js';
import { toLowestPriority } from '../../../process/lowest-priority.js';
import { PipeInlet } from '../../../process/pipe-inlet.js';
import { type CountJob, type TokenCounts } from '../count-job.js';
import { answerBytes } from './answer-frame.js';
import { bytesBehind, HEADER_BYTES, readFrame } from './count-frame.js';
import { JOB_PIPE } from './counting-stdio.js';

const NOTHING: TokenCounts = { prompt: null, completion: null, reasoning: null };

toLowestPriority();
leaveSignalsToGateway();

const pipe = new Socket({ fd: JOB_PIPE, readable: true, writable: true });
pipe.on('error', () => process.exit());
pipe.once('close', () => process.exit());
const inlet = new PipeInlet(pipe);

// To load the vocabulary takes a third of a second, which is not to be the gateway's.
const { tokenCountsOf } = await import('./token-counts.js');

function countsOf(job: CountJob): TokenCounts {
  try {
    return tokenCountsOf(job);
  } catch {
    return NOTHING;
  }
}

for (;;) {
  const header = await inlet.take(HEADER_BYTES);
  const bytes = await inlet.take(bytesBehind(header));
  pipe.write(answerBytes(countsOf(readFrame(header, bytes))));
}
