import type { Asked } from "#app/doors/workspace-page.tsx";
import type { Context } from "#lib/core/context.ts";
import { fileOf } from "#lib/domain/files/queries.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";

/** The file an address names, as programs or as pages spell its id. */
export const loadFile = (ctx: Context, { params }: Asked): Promise<StoredFile> => fileOf(ctx, params.file ?? "");
