export type Mark = { upstream: string; since: string; basis: string; models: readonly string[] };

/** What was lost between two configurations: upstreams whose statement is gone, and models that no other one answers. */
export function lostBetween(before: readonly Mark[], now: readonly Mark[]): { upstreams: string[]; models: string[] } {
  const marked = new Set(now.map(({ upstream }) => upstream));
  const answered = new Set(now.flatMap(({ models }) => models));
  return {
    upstreams: before.map(({ upstream }) => upstream).filter((upstream) => !marked.has(upstream)),
    models: [...new Set(before.flatMap(({ models }) => models))].filter((model) => !answered.has(model)).toSorted(),
  };
}
