import type { Id } from "#db/id.ts";
import type { KeyState } from "#lib/core/api-keys/lifetime.ts";
import type { LimitStanding } from "./rules.ts";

export type KeyStanding = {
  id: Id<"key">;
  name: string;
  ownerId: Id<"user">;
  ownerName: string;
  state: KeyState;
  month: LimitStanding;
  lifetime: LimitStanding;
};
