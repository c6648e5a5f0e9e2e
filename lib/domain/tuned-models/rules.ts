import type { tunedModels } from "#db/schema/tuned-models.ts";
import {
  type Right,
  type SharedFacts,
  type SharedKind,
  type SharingStanding,
  sharedRights,
} from "#lib/domain/sharing/rules.ts";

/** What tuned models ask of those who look at them, use them and change them. */
export const tunedModelKind = {
  read: "models.read",
  use: "playground.use",
  build: "tuned-models.write",
} as const satisfies SharedKind & { read: string };

export const tunedModelStates = ["active", "archived", "unavailable_base", "not_served"] as const;
export type TunedModelState = (typeof tunedModels.$inferSelect)["state"];

/** What the list can be sorted by, and its order when nothing is said. */
export const tunedModelSorts = ["name", "owner", "created"] as const;
export const tunedModelOrder = "-created";

/** Names of tuned models begin so, and no other model's does. */
export const tunedPrefix = "ft:";

type Named = {
  /** The name that was asked for, which stays even where it is an alias. */
  root: string;
  suffix: string | null;
  /** The UTC day, as `2026-11-23`. */
  day: string;
  /** The job's UUID: its last digits are random, where the first ones are its time. */
  job: string;
  /** In place of a suffix: eight digits that stand for the workspace. */
  place: string;
};

/** What programs call a tuned model by. */
export const tunedModelId = ({ root, suffix, day, job, place }: Named): string =>
  `${tunedPrefix}${root}:${suffix ?? place}:${day.replaceAll("-", "")}:${job.slice(-8)}`;

/** Everything a person may do with a tuned model (T-4.2.3-CONF): to who may not see it, it is not there. */
export function tunedModelRights(
  who: SharingStanding,
  model: SharedFacts & { state: TunedModelState },
): ReadonlySet<Right> {
  const found = sharedRights(who, model);
  if (model.state !== "active") found.delete("use");
  return found;
}

export const stateWords: Record<TunedModelState, string> = {
  active: "Active",
  archived: "Archived",
  unavailable_base: "Base model gone",
  not_served: "Not served",
};

/** Why it does not answer, and what to do about it. */
export const stateRefusals: Record<Exclude<TunedModelState, "active">, string> = {
  archived: "This tuned model is archived. Restore it under Models to use it again.",
  unavailable_base: "The base of this tuned model is not served any more. Tune another model with the same files.",
  not_served: "No server serves this tuned model yet. Our staff know of it; try again later.",
};
