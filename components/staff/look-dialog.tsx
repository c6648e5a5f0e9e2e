"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { LookForm } from "./look-form.tsx";

/** The gate as a button beside something in a list. */
export function LookDialog({ customer, open }: { customer: { id: string; name: string }; open: Action<void> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        Look…
      </Button>
      <Dialog open={isOpen} onClose={() => setOpen(false)} title={`Why do you look at ${customer.name}?`}>
        <LookForm organizationId={customer.id} open={open} />
      </Dialog>
    </>
  );
}
