"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SecretDialog } from "#components/ui/secret-dialog.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { Time } from "#components/ui/time.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { MyCalendar } from "#lib/domain/calendars/view.ts";
import { RevokeForm } from "./revoke-form.tsx";

type Props = {
  calendar: MyCalendar | null;
  now: Date;
  make: Action<{ address: string }>;
  revoke: Action<void>;
};

/** The address at which a calendar program reads this person's deadlines. */
export function CalendarCard({ calendar, now, make, revoke }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card
      id="calendar"
      title="Deadlines in your calendar"
      description="A calendar program can follow the dates of your organizations' agreements and of your own keys. Who has the address sees them, so give it to nobody else."
      aside={calendar ? <RevokeForm label="Revoke address" revoke={revoke} /> : null}
    >
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-ui text-text-soft">
          {calendar ? (
            <>
              Address made <Time at={calendar.createdAt} now={now} />,{" "}
              {calendar.readAt ? (
                <>
                  last read <Time at={calendar.readAt} now={now} />
                </>
              ) : (
                "not read yet"
              )}
            </>
          ) : (
            "No address was made."
          )}
        </p>
        <Button emphasis="secondary" onClick={() => setOpen(true)}>
          {calendar ? "Make new address" : "Make address"}
        </Button>
      </div>
      {isOpen ? <MakeDialog isFirst={calendar === null} make={make} onClose={() => setOpen(false)} /> : null}
    </Card>
  );
}

type DialogProps = { isFirst: boolean; make: Props["make"]; onClose: () => void };

/** Lives only while it is open: when it goes, the address in its state goes with it. */
function MakeDialog({ isFirst, make, onClose }: DialogProps) {
  const { result, pending, form } = useFormAction(make);
  if (result?.ok)
    return (
      <SecretDialog
        title="Your calendar's address"
        description="This is the only time it is shown."
        label="Address"
        help="Subscribe to it in your calendar program, as a calendar from the internet."
        copy="Copy address"
        hint="You can revoke it here at any time."
        secret={result.data.address}
        onClose={onClose}
      />
    );
  return (
    <Dialog open onClose={onClose} title={isFirst ? "Make an address" : "Make a new address"}>
      <form {...form} className="flex flex-col gap-3">
        <FormMessage result={result} />
        <p className="text-ui text-text-soft">
          {isFirst
            ? "What your calendar shows is asked anew each time it is read, by what you may see then."
            : "The address you have now is worth nothing after that."}
        </p>
        <DialogFooter>
          <Button data-first-focus onClick={onClose}>
            Cancel
          </Button>
          <SubmitButton pending={pending}>Make address</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
