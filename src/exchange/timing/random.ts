/** Numbers from 0 up to, not including, 1, as `Math.random` gives them. */
export type Random = () => number;
