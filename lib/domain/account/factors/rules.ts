import type { Id } from "#db/id.ts";

export type FactorKind = "app" | "passkey";

export type Factor = {
  id: Id<"authenticator"> | Id<"passkey">;
  kind: FactorKind;
  name: string;
  createdAt: Date;
  usedAt: Date | null;
  /** A passkey that a service copies to the person's other devices; an app never is. */
  isSynced: boolean;
};

/** The ways a person can show that it is they. */
export type Means = { password: boolean; app: boolean; passkey: boolean; codesLeft: number };

export const hasFactor = ({ app, passkey }: Pick<Means, "app" | "passkey">): boolean => app || passkey;

export const factorsMax = 20;

/** Kinds as people say them, in letters and in the audit log. */
export const kindWords: Record<FactorKind, string> = { app: "authenticator app", passkey: "passkey" };
