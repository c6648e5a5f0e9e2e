import type { Counts } from "./rules.ts";

/** What monitoring did about an organization in a month. */
export type MonitoringMonth = Counts & {
  /** Its first day. */
  month: string;
  /** The models that looked. */
  models: readonly string[];
  /** The rules that were in force, with the version. */
  rules: readonly string[];
};

/** What monitoring did about all customers in a year. */
export type MonitoringYear = Counts & { year: number };
