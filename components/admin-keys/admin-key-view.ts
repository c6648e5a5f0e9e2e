/** What the list shows of an admin key. */
export type AdminKeyRow = {
  id: string;
  name: string;
  access: "read" | "write";
  first4: string;
  last4: string;
  maker: string;
  lastUsedAt: Date | null;
  /** `powerless`: the person who made it is no admin any more. */
  state: "active" | "powerless" | "ended";
};
