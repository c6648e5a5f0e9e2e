import { type Asked, asId } from "#app/doors/workspace-page.tsx";
import { idOfUuid } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { fileOf } from "#lib/domain/files/queries.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";

/** The file an address names, in either spelling: an upload is told the one that programs use. */
export const loadFile = (ctx: Context, { params: { file = "" } }: Asked): Promise<StoredFile> =>
  fileOf(ctx, asId("file", idOfUuid("file", file) ?? file));
