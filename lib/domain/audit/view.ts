import type { Id } from "#db/id.ts";
import { keptName, objectWords } from "./words/rules.ts";

/** A row of the audit log, as it is kept. */
export type AuditRow = {
  organizationId: Id<"organization">;
  id: Id<"audit">;
  workspaceId: Id<"workspace"> | null;
  at: Date;
  actorKind: "user" | "key" | "staff" | "job" | "system" | "anonymous";
  actorId: string;
  actorName: string;
  action: string;
  objectType: string;
  objectId: string;
  before: unknown;
  after: unknown;
  clause: string | null;
  address: string;
  agent: string;
  sequence: number;
  previousHash: string;
  hash: string;
};

/** What the row is about: by the name it has now, else by the one the row kept, else by its kind. */
export const objectName = (row: AuditRow, names: ReadonlyMap<string, string>): string =>
  names.get(row.objectId) ?? keptName(row) ?? objectWords(row.objectType);

export const actorWords: Record<AuditRow["actorKind"], string> = {
  user: "People",
  key: "API keys",
  staff: "Our staff",
  job: "Background work",
  system: "The operator",
  anonymous: "Visitors",
};

const kindWords: Record<AuditRow["actorKind"], string> = {
  user: "",
  key: "API key",
  staff: "staff",
  job: "background work",
  system: "operator",
  anonymous: "",
};

/** What kind of actor stands behind a name, where it is not simply a person. */
export const kindOf = (kind: AuditRow["actorKind"]): string => kindWords[kind];
