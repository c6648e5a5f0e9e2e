import type { Id } from "#db/id.ts";
import type { tunedModels } from "#db/schema/tuned-models.ts";
import type { Grant, Right } from "#lib/domain/sharing/rules.ts";
import type { SharingChoices } from "#lib/domain/sharing/view.ts";

type Row = typeof tunedModels.$inferSelect;

/** A tuned model as a person or program of its workspace sees it. */
export type TunedModelView = Omit<Row, "organizationId" | "upstreamModel" | "upstreams" | "blobId"> & {
  ownerName: string;
  grants: Grant[];
  rights: ReadonlySet<Right>;
};

export type TunedSharingView = SharingChoices & { model: TunedModelView };

/** What of it stands in for a name where none was given. */
export const titleOf = ({ name, id }: Pick<TunedModelView, "name" | "id">): string => name ?? id;

export type ModelTransfer = {
  id: Id<"modelTransfer">;
  modelId: string;
  distributor: string;
  until: string;
  signedByName: string;
  signedAt: Date;
  revokedAt: Date | null;
  executedAt: Date | null;
};
