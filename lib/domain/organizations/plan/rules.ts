export type Plan = "free" | "paid" | "order";

/** What a plan gives beside prices and rates; null means as many as wanted. */
type Entitlements = {
  membersMax: number | null;
  /** Whether agents can be shared (T-4.3-SHARE1); without it each is its owner's alone. */
  agentSharing: boolean;
};

export const entitlements: Readonly<Record<Plan, Entitlements>> = {
  free: { membersMax: 3, agentSharing: false },
  paid: { membersMax: null, agentSharing: true },
  order: { membersMax: null, agentSharing: true },
};

/** Whether an organization of so many people, invited ones included, has room for more of them. */
export function hasRoomFor(plan: Plan, people: number, more: number): boolean {
  const { membersMax } = entitlements[plan];
  return membersMax === null || people + more <= membersMax;
}
