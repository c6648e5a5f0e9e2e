import type { ReactNode } from "react";
import { ConsoleFrame } from "#app/(console)/console-frame.tsx";
import { enter } from "#app/doors/workspace-page.tsx";

type Props = { children: ReactNode; params: Promise<{ workspace: string }> };

export default async function WorkspaceLayout({ children, params }: Props) {
  return <ConsoleFrame ctx={await enter((await params).workspace)}>{children}</ConsoleFrame>;
}
