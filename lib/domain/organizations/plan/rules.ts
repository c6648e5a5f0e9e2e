export type Plan = "free" | "paid" | "order";

/** When a purchase order holds, in milliseconds since the epoch: from the first instant until just before the second. */
export type OrderPeriod = { startsAt: number; endsAt: number | null };

export const covers = ({ startsAt, endsAt }: OrderPeriod, at: number): boolean =>
  startsAt <= at && (endsAt === null || at < endsAt);

/** The plan an organization is kept on, and when orders put another in its place. */
export type PlanFacts = { plan: Plan; orders?: readonly OrderPeriod[] };

/** T-2-PREC: the plan that holds at an instant, by order while one is in force. */
export function planAt({ plan, orders }: PlanFacts, at: number): Plan {
  if (orders) for (const order of orders) if (covers(order, at)) return "order";
  return plan;
}

/** What a plan gives beside prices and rates; null means as many as wanted. */
type Entitlements = {
  membersMax: number | null;
  /** Whether agents can be shared (T-4.3-SHARE1); without it each is its owner's alone. */
  agentSharing: boolean;
  /** Fine-tuning: trainings at once, jobs that wait for one, jobs made in a day, tokens of a job, and models kept. */
  tuning: {
    runningMax: number;
    waitingMax: number;
    jobsADayMax: number | null;
    tokensMax: number | null;
    modelsMax: number | null;
  };
  /** How many files can be kept, and how much room they have together. */
  filesMax: number | null;
  fileGibibytesMax: number;
  /** How many batches are under way at once. */
  batchesMax: number;
};

const paidTuning = { runningMax: 2, waitingMax: 20, jobsADayMax: null, tokensMax: null, modelsMax: null };
const freeTuning = { runningMax: 1, waitingMax: 20, jobsADayMax: 10, tokensMax: 1_000_000, modelsMax: 3 };

export const entitlements: Readonly<Record<Plan, Entitlements>> = {
  free: { membersMax: 3, agentSharing: false, tuning: freeTuning, filesMax: 100, fileGibibytesMax: 1, batchesMax: 1 },
  paid: {
    membersMax: null,
    agentSharing: true,
    tuning: paidTuning,
    filesMax: null,
    fileGibibytesMax: 100,
    batchesMax: 10,
  },
  order: {
    membersMax: null,
    agentSharing: true,
    tuning: paidTuning,
    filesMax: null,
    fileGibibytesMax: 100,
    batchesMax: 10,
  },
};

/** Whether an organization of so many people, invited ones included, has room for more of them. */
export function hasRoomFor(membersMax: number | null, people: number, more: number): boolean {
  return membersMax === null || people + more <= membersMax;
}
