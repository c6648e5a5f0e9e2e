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
      >
        {/* Opened first, so that a click alone ends nothing, with scripts and without. */}
        <details>
          <summary className="w-fit cursor-pointer rounded-control text-ui font-medium text-bad">Disconnect…</summary>
          <div className="mt-3">
            <ButtonForm button={`Disconnect ${name}`} values={{ id }} act={disconnect} />
          </div>
        </details>
      </Card>
    </>
  );
}
