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
};

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
