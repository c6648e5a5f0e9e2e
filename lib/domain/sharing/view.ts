import type { GrantLevel } from "#db/schema/agents.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";

export type GrantedLevel = GrantLevel;
export type SubjectKind = "user" | "group" | "key";

/** A person, group or service key a thing can be shared with. */
export type Subject = { kind: SubjectKind; id: string; name: string; detail: string };

/** One it is shared with; `isOut` where that gives nothing any more. */
export type SharedWith = Subject & { level: GrantedLevel; isOut: boolean };

/** Who is there to share with, and who a thing is shared with by name. */
export type SharingChoices = {
  placeName: string;
  plan: Plan;
  hasSharing: boolean;
  grants: SharedWith[];
  people: Subject[];
  groups: Subject[];
  keys: Subject[];
};

/** What else becomes reachable through a thing by another sharing of it. */
export type Reach = {
  added: string[];
  editors: string[];
  lost: string[];
  tools: string[];
  /** Agents it hands over to, under the rights of its owner; null where the person who shares cannot see which. */
  handoffs: { name: string | null; without: string[] }[];
  model: { name: string; isTuned: boolean };
  /** What is left of the tightest monthly limit that answers count against; null without one, or for who may not know. */
  leftPico: bigint | null;
};

export const kindWords: Record<SubjectKind, string> = { user: "Person", group: "Group", key: "Service key" };

export const levels: readonly { value: GrantedLevel; label: string }[] = [
  { value: "use", label: "Can use" },
  { value: "edit", label: "Can use and edit" },
  { value: "manage", label: "Can manage" },
];

/** The grants as the form sends them. */
export const sentGrants = (grants: readonly SharedWith[]): string =>
  JSON.stringify(
    grants.map(({ kind, id, level }) => ({ subjectKind: kind, subjectId: id, level })).toSorted(bySubject),
  );

const bySubject = (a: { subjectId: string }, b: { subjectId: string }): number => (a.subjectId < b.subjectId ? -1 : 1);
