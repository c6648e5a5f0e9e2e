import type { Id } from "#db/id.ts";
import type { Permission } from "./permissions.ts";

type Rights = { readonly permissions: ReadonlySet<Permission> };

/** Who asks. For every kind, what they may do is one set, so that every check reads the same. */
export type Actor = Rights &
  (
    | { kind: "user"; id: Id<"user">; name: string; email: string; sessionId: Id<"session"> }
    | { kind: "key"; id: Id<"key"> | Id<"adminKey">; name: string; ownerId: Id<"user">; isService?: boolean }
    | { kind: "staff"; id: Id<"user">; name: string; email: string; sessionId: Id<"session"> }
    | { kind: "job"; id: string; name: string }
    | { kind: "system"; id: string; name: string }
    | { kind: "anonymous"; id: "anonymous"; name: "Visitor" | "Guest" }
  );
