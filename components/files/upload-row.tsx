import { Button } from "#components/ui/button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { grouped, sizeWords } from "./file-words.ts";
import type { UploadState } from "./resumable.ts";

type Props = {
  name: string;
  bytes: number;
  state: UploadState;
  base: string;
  onPause: () => void;
  onGoOn: () => void;
  onRemove: () => void;
};

/** How far one upload is, and what can be done with it. */
export function UploadRow({ name, bytes, state, base, onPause, onGoOn, onRemove }: Props) {
  const { phase, sent, problems } = state;
  const percent = Math.floor((sent / bytes) * 100);
  return (
    <li className="flex flex-col gap-1.5 px-4 py-3 text-ui">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span className="min-w-0 font-medium break-all">{name}</span>
        <span className="flex items-center gap-2">
          {phase === "sending" || phase === "waiting" ? <Button onClick={onPause}>Pause</Button> : null}
          {phase === "paused" ? <Button onClick={onGoOn}>Resume</Button> : null}
          {phase === "done" ? (
            <TextLink href={`${base}/${state.fileId}`}>{problems > 0 ? "See what was found" : "Open"}</TextLink>
          ) : (
            <Button emphasis="quiet" onClick={onRemove}>
              {phase === "failed" ? "Dismiss" : "Cancel"}
            </Button>
          )}
        </span>
      </div>
      <progress
        aria-label={`Upload of ${name}`}
        value={sent}
        max={bytes}
        className="h-2 w-full overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
      />
      <p role="status" className={phase === "failed" ? "text-bad" : "text-text-soft"}>
        {words(state, percent, bytes)}
        {problems > 0 ? ` · ${grouped(problems)} ${problems === 1 ? "problem" : "problems"}` : ""}
      </p>
    </li>
  );
}

function words({ phase, sent, message }: UploadState, percent: number, bytes: number): string {
  if (phase === "failed" || phase === "waiting") return message ?? "";
  if (phase === "done") return "Uploaded and checked";
  const far = `${sizeWords(sent)} of ${sizeWords(bytes)}, ${percent} %`;
  return phase === "paused" ? `Paused at ${far}` : far;
}
