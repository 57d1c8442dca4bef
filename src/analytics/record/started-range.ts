/** When the first and the last of some records started, as their `started_at`. */
export interface StartedRange {
  readonly from: string;
  readonly to: string;
}
