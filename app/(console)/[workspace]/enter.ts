import { notFound } from "next/navigation";
import { consoleContext } from "#app/doors/session.ts";
import { isId } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";

/** The context of a workspace's page. An address that names no workspace is nothing of ours, signed in or not. */
export async function enter(params: Promise<{ workspace: string }>): Promise<Context> {
  const { workspace } = await params;
  if (!isId("workspace", workspace)) notFound();
  return consoleContext(workspace);
}
