import { tunedPrefix } from "#lib/domain/tuned-models/rules.ts";
import type { ImpactKind } from "./view.ts";

type End = { modelId: string; replacement: string };

/** How long uses are looked at, and kept. */
export const usesDays = 30;

/** What to change about a use of a model that ends. */
export function changeWords(kind: ImpactKind, sentName: string, { modelId, replacement }: End): string {
  if (kind === "tuned-model") return `Ends with its base. Tune ${replacement} on the same file.`;
  if (kind === "allow-list") return `Add ${replacement} to the models of this key.`;
  if (kind === "limit") return `Ask for the same limit of ${replacement}.`;
  if (sentName.startsWith(tunedPrefix)) return `Ask a model that is tuned from ${replacement}.`;
  if (sentName !== modelId) return `Nothing: ${sentName} goes on to ${replacement} by itself.`;
  return kind === "agent" ? `Publish a version that asks ${replacement}.` : `Ask for ${replacement} instead.`;
}

/** Days before the end at which customers who still ask the model are reminded. */
export const reminderDays = [90, 30, 7, 1] as const;
