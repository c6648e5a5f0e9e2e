import { workspaceContext } from "#app/doors/session.ts";
import { isId } from "#db/id.ts";
import { AppError } from "#lib/core/errors.ts";

type Props = { params: Promise<{ workspace: string; invoice: string }> };

/** The context and the document that the address of a file names. */
export async function askedInvoice({ params }: Props) {
  const { workspace, invoice } = await params;
  const ctx = await workspaceContext(workspace);
  if (!isId("invoice", invoice)) throw new AppError("not_found", "There is no such invoice.");
  return { ctx, id: invoice };
}
