import { keptName, objectWords } from "#lib/domain/audit/words/rules.ts";

/** A row of the audit log as pages show it. */
export type AuditView = {
  id: string;
  sequence: number;
  at: Date;
  actorKind: "user" | "key" | "staff" | "job" | "system" | "anonymous";
  actorId: string;
  actorName: string;
  action: string;
  objectType: string;
  objectId: string;
  clause: string | null;
  before: unknown;
  after: unknown;
};

/** What the row is about: by the name it has now, else by the one the row kept, else by its kind. */
export const objectName = (row: AuditView, names: ReadonlyMap<string, string>): string =>
  names.get(row.objectId) ?? keptName(row) ?? objectWords(row.objectType);

export const actorWords: Record<AuditView["actorKind"], string> = {
  user: "People",
  key: "API keys",
  staff: "Our staff",
  job: "Background work",
  system: "The operator",
  anonymous: "Visitors",
};

const kindWords: Record<AuditView["actorKind"], string> = {
  user: "",
  key: "API key",
  staff: "staff",
  job: "background work",
  system: "operator",
  anonymous: "",
};

/** What kind of actor stands behind a name, where it is not simply a person. */
export const kindOf = (kind: AuditView["actorKind"]): string => kindWords[kind];
