import { accountContext } from "#app/doors/session.ts";
import { AppError } from "#lib/core/errors.ts";
import { documentAddress } from "#lib/domain/terms/input.ts";
import { documentText } from "#lib/domain/terms/queries.ts";
import { withValues } from "#lib/domain/terms/rules.ts";

/** T-2-INC: a version as it is hashed: its SHA-256 is that of these very bytes. */
export async function GET(_request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  const wanted = documentAddress.safeParse(await params);
  if (!wanted.success) return new Response("There is no such document.\n", { status: 404 });
  try {
    const document = await documentText(await accountContext(), wanted.data.kind, wanted.data.version);
    return new Response(withValues(document.body, document.values ?? {}), {
      headers: { "content-type": "text/markdown; charset=utf-8", "x-document-sha256": document.sha256 },
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return new Response(`${error.message}\n`, { status: 404 });
  }
}
