import { Time } from "#components/ui/time.tsx";
import { statusWords } from "#lib/domain/fine-tuning/listing/rules.ts";

type Event = { name: string; data: Record<string, unknown>; at: Date };

const words: Record<string, string> = {
  trainer: "A trainer took it",
  trainer_released: "The operator took it from its trainer, so that another goes on",
  stop_asked: "A person asked to stop here and keep the model",
  spend_limit: "A spend limit had no room for it in the new month",
  reporting_delayed: "Weights & Biases does not take its reports; they are sent again",
  reporting_given_up: "Reports to Weights & Biases were given up",
  waiting_for_limit: "A spend limit has no room for it",
  waiting_for_person: "It waits for a person to start it",
};

function sentence({ name, data }: Event): string {
  const status = typeof data.status === "string" ? statusWords[data.status as keyof typeof statusWords] : undefined;
  const answer = typeof data.status === "number" ? ` (status ${data.status})` : "";
  return status?.label ?? `${words[name] ?? name.replaceAll("_", " ")}${answer}`;
}

/** What became of a job, the latest first. */
export function JobEvents({ events, now }: { events: readonly Event[]; now: Date }) {
  return (
    <ol className="flex flex-col gap-2 text-ui">
      {events.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an event is its place in the history
        <li key={index} className="flex flex-wrap justify-between gap-x-4">
          <span>{sentence(event)}</span>
          <span className="text-text-faint">
            <Time at={event.at} now={now} />
          </span>
        </li>
      ))}
    </ol>
  );
}
