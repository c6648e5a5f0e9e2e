export const now = new Date("2026-11-28T12:00:00Z");

export const long =
  "A very long name of a thing, such as the key of the nightly evaluation of every model of the research workspace";

export const longWord = "wss-evaluation-of-every-model-of-the-research-workspace-that-no-one-ever-renamed";

export const secret = "cpt_aB3dE5fG7hJ9kL1mN3pQ5rS7tV9wX1yZ3bC5dF7gH9j_k2m4n6";
