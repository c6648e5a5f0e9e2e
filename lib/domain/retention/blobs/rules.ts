import { z } from "zod";
import type { Id } from "#db/id.ts";

export const blobsPrefix = "blobs/";

/** Where the sealed bytes of a content are kept. */
export const blobPlace = (organizationId: Id<"organization">, id: Id<"blob">): string =>
  `${blobsPrefix}${organizationId}/${id}`;

/** The content that a stored object is of. */
export const blobAt = (place: string): string => place.slice(place.lastIndexOf("/") + 1);

/** The job that removes files that have expired, and contents that no file has any more. */
export const sweeping = { name: "files.sweep", payload: z.unknown() };
