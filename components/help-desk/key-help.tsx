import { Kbd } from "#components/ui/kbd.tsx";

const queueKeys = { j: "next", k: "before", Enter: "open", "/": "search", Esc: "leave a field" };
const ticketKeys = {
  c: "claim",
  r: "answer",
  n: "note",
  s: "put off",
  m: "macro",
  e: "resolve",
  q: "queue",
  Esc: "leave a field",
};

/** The keys of a page of the desk, as it names them itself. */
export const KeyHelp = ({ of }: { of: "queue" | "ticket" }) => (
  <p className="flex flex-wrap gap-x-4 gap-y-1 text-meta text-text-faint max-sm:hidden">
    {Object.entries(of === "queue" ? queueKeys : ticketKeys).map(([key, words]) => (
      <span key={key} className="inline-flex items-center gap-1.5">
        <Kbd>{key}</Kbd> {words}
      </span>
    ))}
  </p>
);
