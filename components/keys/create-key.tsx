"use client";

import { Plus } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { NewKey } from "#lib/domain/keys/view.ts";
import { CreateKeyForm } from "./create-key-form.tsx";
import { SecretOnce } from "./secret-once.tsx";
import { type Call, callFor } from "./snippets.ts";

type Props = {
  create: Action<NewKey>;
  models: readonly string[];
  call: Call;
  /** Whether they may make service keys too. */
  mayServe: boolean;
  /** Where keys for web pages work. */
  origins: readonly string[];
};

/** `?create=1` opens it, so that a link from anywhere can. One a page. */
export function CreateKey(props: Props) {
  const isAsked = useSearchParams().get("create") === "1";
  // Once there is a secret, going back in the browser must not lose it.
  const [isHolding, setHolding] = useState(false);
  const close = () => {
    setHolding(false);
    window.history.replaceState(null, "", window.location.pathname);
  };
  return (
    <>
      <Button
        emphasis="primary"
        data-shortcut="create"
        aria-keyshortcuts="c"
        onClick={() => window.history.pushState(null, "", "?create=1")}
      >
        <Plus aria-hidden="true" className="-ml-0.5 size-4" />
        Create key
      </Button>
      {isAsked || isHolding ? <CreateKeyDialog {...props} onHold={() => setHolding(true)} onClose={close} /> : null}
    </>
  );
}

/** Lives only while it is open: when it goes, the secret in its state goes with it. */
function CreateKeyDialog({
  create,
  models,
  call,
  mayServe,
  origins,
  onHold,
  onClose,
}: Props & { onHold: () => void; onClose: () => void }) {
  const state = useFormAction<NewKey>(async (previous, form) => {
    const next = await create(previous, form);
    if (next.ok) onHold();
    return next;
  });
  if (state.result?.ok) {
    const made = state.result.data;
    return (
      <SecretOnce title={`${made.name} is ready`} secret={made.secret} call={callFor(made, call)} onClose={onClose} />
    );
  }
  return (
    <Dialog open onClose={onClose} title="Create key" description="It acts in this workspace only.">
      <CreateKeyForm models={models} mayServe={mayServe} origins={origins} state={state} onCancel={onClose} />
    </Dialog>
  );
}
