import { setFlagsFromString } from 'node:v8';
import { Hangups } from './config/reload/hangups.js';

/** As `engines` in package.json. */
const OLDEST_NODE_MAJOR = 24;

// V8 guesses from the first requests that what belongs to one lives long, and from then on puts it
// among the old objects, from where it keeps alive whatever it points to: a sixth of the time went
// into collecting that. It has to be said before the code of a request is compiled.
setFlagsFromString('--no-allocation-site-pretenuring');

// Checked before anything else is loaded, because an old Node would fail to load it, and not say why.
if (Number(process.versions.node.split('.', 1)[0]) < OLDEST_NODE_MAJOR) {
  process.stderr.write(
    `Sluice needs Node ${OLDEST_NODE_MAJOR} or newer, and this is ${process.versions.node}. ` +
      'npm start brings its own.\n',
  );
  process.exitCode = 1;
} else {
  const hangups = new Hangups();
  const { start } = await import('./start.js');
  await start(hangups);
}
