import type { ReactNode } from "react";
import { ConsoleFrame } from "#app/(console)/console-frame.tsx";
import { consoleContext } from "#lib/session.ts";

type Props = { children: ReactNode; params: Promise<{ workspace: string }> };

export default async function WorkspaceLayout({ children, params }: Props) {
  const { workspace } = await params;
  return <ConsoleFrame ctx={await consoleContext(workspace)}>{children}</ConsoleFrame>;
}
