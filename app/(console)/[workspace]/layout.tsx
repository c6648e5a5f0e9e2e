import type { ReactNode } from "react";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { ConsoleFrame } from "#app/(console)/console-frame.tsx";

type Props = { children: ReactNode; params: Promise<{ workspace: string }> };

export default async function WorkspaceLayout({ children, params }: Props) {
  return <ConsoleFrame ctx={await enter(params)}>{children}</ConsoleFrame>;
}
