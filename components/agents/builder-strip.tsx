import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import type { Builder } from "./use-builder.ts";

/** Stays in sight under the form: whether it is saved, and what to do with it. */
export function BuilderStrip({ builder, onPublish }: { builder: Builder; onPublish: () => void }) {
  const { status, isChanged, isBusy } = builder;
  return (
    <div className="sticky bottom-2 z-5 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-card border border-line bg-canvas px-4 py-2.5 text-ui shadow-float">
      <p role="status" className={classes("min-w-0", status?.tone === "bad" ? "text-bad" : "text-text-soft")}>
        {status?.words ?? (isChanged ? <Unsaved /> : null)}
      </p>
      <div className="ml-auto flex gap-2">
        <Button type="submit" pending={isBusy} onClick={(event) => isBusy && event.preventDefault()}>
          Save draft
        </Button>
        <Button emphasis="primary" onClick={onPublish}>
          Publish…
        </Button>
      </div>
    </div>
  );
}

const Unsaved = () => (
  <span className="inline-flex items-center gap-2">
    <span aria-hidden="true" className="size-2 rounded-full bg-warn" />
    Not saved yet
  </span>
);
