export type Plan = "free" | "paid" | "order";

/** What a plan gives beside prices and rates; null means as many as wanted. */
type Entitlements = { membersMax: number | null };

export const entitlements: Readonly<Record<Plan, Entitlements>> = {
  free: { membersMax: 3 },
  paid: { membersMax: null },
  order: { membersMax: null },
};

/** Whether an organization of so many people, invited ones included, has room for more of them. */
export function hasRoomFor(plan: Plan, people: number, more: number): boolean {
  const { membersMax } = entitlements[plan];
  return membersMax === null || people + more <= membersMax;
}
