/** Runs of each property; more with `FUZZ_RUNS=100000`. fast-check prints the seed of a failure. */
export const numRuns = Number(process.env.FUZZ_RUNS ?? 2000);
