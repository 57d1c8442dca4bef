const SOURCES = new URL('../', import.meta.url);

/**
 * Where a program of a process of its own is. Node cannot run it uncompiled, so where the sources
 * are run as they are, in tests, it is what `npm run build` made.
 *
 * @param program - its compiled file, relative to the module that starts it.
 * @param moduleUrl - `import.meta.url` of that module.
 */
export function builtProgram(program: string, moduleUrl: string): URL {
  const beside = new URL(program, moduleUrl);
  if (!moduleUrl.endsWith('.ts')) return beside;
  return new URL(`../dist/${beside.href.slice(SOURCES.href.length)}`, SOURCES);
}
