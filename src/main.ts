/** As `engines` in package.json. */
const OLDEST_NODE_MAJOR = 24;

// Checked before anything else is loaded, because an old Node would fail to load it, and not say why.
if (Number(process.versions.node.split('.', 1)[0]) < OLDEST_NODE_MAJOR) {
  process.stderr.write(
    `Sluice needs Node ${OLDEST_NODE_MAJOR} or newer, and this is ${process.versions.node}. ` +
      'npm start brings its own.\n',
  );
  process.exitCode = 1;
} else {
  const { start } = await import('./start.js');
  await start();
}
