import { disconnect, pause } from "#app/(console)/[workspace]/organization/integrations/actions.ts";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import type { ConnectionView } from "#lib/domain/connections/view.ts";

/** To stop for a while, or for good. */
export function Ending({ connection: { id, state, name } }: { connection: ConnectionView }) {
  const isLive = state === "connected" || state === "failing";
  return (
    <>
      {isLive ? (
        <Card
          title="Pause"
          description="Nothing is sent until it is resumed; what happens meanwhile is not kept for it."
          footer={<ButtonForm button="Pause" values={{ id }} act={pause} />}
        />
      ) : null}
      <Card
        tone="bad"
        title="Disconnect"
        description={`Nothing is sent through ${name} any more, what waits included, and its secret is destroyed. Fine-tuning jobs that report through it stop reporting.`}
        footer={<ButtonForm button="Disconnect" values={{ id }} act={disconnect} />}
      />
    </>
  );
}
