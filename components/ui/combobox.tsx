"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, ChevronsUpDown } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { classes } from "./classes.ts";
import { controlLook } from "./control-look.ts";
import { chipLook } from "./list/chip-look.ts";
import { FilterChoice } from "./list/filter-chip.tsx";
import { type Option, Select } from "./select.tsx";

type Props = {
  name: string;
  /** Names the control: "Key". */
  label: string;
  /** Those to choose from, or the first of them where there is a `source`. */
  options: readonly Option[];
  value?: string | undefined;
  /** What it says while nothing is chosen, and what takes the choice back: "All keys". Without it a choice is needed. */
  all?: string;
  /** Where to ask for options by what is typed: answers a list of options to `?q=`. */
  source?: string | undefined;
  /** A filter of a list applies at once; a field of a form waits for its form. */
  kind?: "filter" | "field";
  id?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true | undefined;
  onChange?: (value: string) => void;
};

/** Few enough to be seen at once: the browser's own select is the better control then. */
const fewOptions = 20;
const shownOptions = 50;

const never = () => () => undefined;

/** A choice among many things, found by typing. A native select without JavaScript, and where there are few. */
export function Combobox(props: Props) {
  const isReady = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const isMany = props.source !== undefined || props.options.length > fewOptions;
  return isReady && isMany ? <Searchable {...props} /> : <Native {...props} />;
}

function Native({ label, options, value = "", all, source: _source, kind = "field", onChange, ...rest }: Props) {
  // Without JavaScript nothing can be searched for: the first are offered, and the one that is chosen.
  const first = options.filter((option, index) => index < shownOptions || option.value === value);
  const offered = all === undefined ? first : [{ value: "", label: all }, ...first];
  if (kind === "filter" && all !== undefined) {
    return <FilterChoice name={rest.name} label={label} all={all} options={first} value={value} />;
  }
  return (
    <Select
      {...rest}
      aria-label={rest.id ? undefined : label}
      options={offered}
      {...(onChange ? { value, onChange: (event) => onChange(event.target.value) } : { defaultValue: value })}
    />
  );
}

function Searchable({ name, label, options, value = "", all, source, kind = "field", onChange, ...control }: Props) {
  const [state, setState] = useState({ given: value, chosen: value });
  // A link that clears a filter changes what is given.
  if (state.given !== value) setState({ given: value, chosen: value });
  const [picked, setPicked] = useState<Option | null>(null);
  const { found, isAsking, setQuery } = useOptions(options, source);
  const [frame, setFrame] = useState<HTMLElement | null>(null);
  const hidden = useRef<HTMLInputElement>(null);
  const known = [...options, ...(picked ? [picked] : [])].find((option) => option.value === state.chosen) ?? null;
  const items = all === undefined || state.chosen === "" ? found : [{ value: "", label: all }, ...found];

  const choose = (option: Option | null) => {
    const chosen = option?.value ?? "";
    setPicked(option);
    setState({ given: value, chosen });
    onChange?.(chosen);
    if (hidden.current) hidden.current.value = chosen;
    if (kind === "filter") hidden.current?.form?.requestSubmit();
  };
  return (
    <span ref={(element) => setFrame(element?.closest("dialog") ?? null)} className="block">
      <input ref={hidden} type="hidden" name={name} value={state.chosen} readOnly />
      <Base.Root
        items={items}
        value={known}
        onValueChange={choose}
        onInputValueChange={setQuery}
        isItemEqualToValue={(a, b) => a.value === b.value}
        limit={shownOptions}
        {...(source !== undefined && { filter: null })}
      >
        <Base.Trigger
          {...control}
          aria-label={control.id ? undefined : label}
          className={classes(
            kind === "filter" ? chipLook(state.chosen !== "") : classes(controlLook, "h-8.5"),
            "inline-flex max-w-full items-center gap-1.5 text-left",
            kind === "filter" ? "max-w-64 px-3" : "justify-between",
          )}
        >
          <span className="truncate">{known?.label ?? (state.chosen || all || "Choose…")}</span>
          <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-text-faint" />
        </Base.Trigger>
        <Base.Portal container={frame ?? undefined}>
          <Base.Positioner sideOffset={4} align="start" positionMethod="fixed" className="z-50">
            <Found label={label} isAsking={isAsking} />
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </span>
  );
}

const Found = ({ label, isAsking }: { label: string; isAsking: boolean }) => (
  <Base.Popup
    aria-label={label}
    className="w-80 max-w-[calc(100vw-1rem)] overflow-hidden rounded-card border border-line bg-surface text-text shadow-float"
  >
    <Base.Input
      aria-label={`Search: ${label.toLowerCase()}`}
      placeholder="Search"
      className="h-9 w-full border-b border-line bg-surface px-3 text-ui outline-none"
    />
    <Base.Empty className="px-3 py-2.5 text-ui text-text-soft empty:hidden">
      {isAsking ? "Searching…" : "Nothing matches."}
    </Base.Empty>
    <Base.List className="max-h-64 overflow-y-auto p-1 empty:p-0">
      {(option: Option) => (
        <Base.Item
          key={option.value}
          value={option}
          className="flex cursor-default items-center justify-between gap-3 rounded-control px-2 py-1.5 text-ui data-highlighted:bg-sunken"
        >
          <span className="min-w-0 break-words">{option.label}</span>
          <Base.ItemIndicator>
            <Check aria-hidden="true" className="size-3.5 shrink-0" />
          </Base.ItemIndicator>
        </Base.Item>
      )}
    </Base.List>
  </Base.Popup>
);

const typingMs = 200;

const hasWords = (label: string, query: string): boolean => label.toLowerCase().includes(query.trim().toLowerCase());

/** What is offered for what is typed: asked for where there is a source, and all of it where there is none. */
function useOptions(options: readonly Option[], source: string | undefined) {
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<readonly Option[]>();
  useEffect(() => {
    setFound(undefined);
    if (source === undefined || query === "") return;
    const ended = new AbortController();
    const timer = window.setTimeout(async () => {
      const answer = await fetch(`${source}?${new URLSearchParams({ q: query })}`, { signal: ended.signal }).catch(
        () => undefined,
      );
      if (answer?.ok) setFound((await answer.json()) as Option[]);
    }, typingMs);
    return () => {
      window.clearTimeout(timer);
      ended.abort();
    };
  }, [source, query]);
  // Until the answer comes, what is known is narrowed.
  const known = source === undefined ? options : options.filter(({ label }) => hasWords(label, query));
  const isAsking = source !== undefined && query !== "" && found === undefined;
  return { found: found ?? known, isAsking, setQuery };
}
