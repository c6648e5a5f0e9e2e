import type { ReactNode } from "react";
import { SecretDialog } from "#components/ui/secret-dialog.tsx";
import { SnippetTabs } from "./snippet-tabs.tsx";
import type { Call } from "./snippets.ts";

type Props = {
  title: string;
  secret: string;
  /** How to call with it; without one, `usage` shows how. */
  call?: Call;
  usage?: ReactNode;
  /** More to know, such as when the old key ends. */
  children?: ReactNode;
  onClose: () => void;
};

/** A new key, with how to call with it. */
export function SecretOnce({ title, secret, call, usage, children, onClose }: Props) {
  return (
    <SecretDialog
      title={title}
      description="This is the only time it is shown. Store it now; we keep only a fingerprint of it."
      label="Key"
      help="Its place is an environment variable or a secret store."
      copy="Copy key"
      hint="Keep it out of code and chats."
      secret={secret}
      before={children}
      after={call ? <SnippetTabs call={call} secret={secret} /> : usage}
      onClose={onClose}
    />
  );
}
