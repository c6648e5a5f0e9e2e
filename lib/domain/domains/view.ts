import type { Id } from "#db/id.ts";
import type { Joining, JoinRole } from "./rules.ts";

export type Domain = {
  id: Id<"domain">;
  name: string;
  /** What the domain's TXT record has to say. */
  proof: string;
  joining: Joining;
  /** What people who join are in the default workspace. */
  role: JoinRole;
  createdAt: Date;
  verifiedAt: Date | null;
  verifiedBy: "dns" | "operator" | null;
};

/** An organization that a person may join because of their address. */
export type Joinable = { organizationId: Id<"organization">; name: string; domain: string };
