"use client";

import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ChangeEvent, type FormEvent, type ReactNode, useEffect, useRef, useTransition } from "react";
import { Spinner } from "#components/ui/spinner.tsx";
import { listHref } from "#lib/core/list/rules.ts";

type Props = {
  base: string;
  /** Names the form among the parts of a page. */
  label: string;
  /** What the address says now, by the names of the form's fields. */
  values: Readonly<Record<string, string>>;
  /** The search's label, which is its placeholder as well; without one there is no search. */
  search: string | undefined;
  children?: ReactNode;
};

/** Typed values wait for the end of the word or date; a choice applies at once. */
const waits: Record<string, number> = { search: 250, text: 400, date: 700, "datetime-local": 700, "select-one": 0 };

const textsOf = (form: HTMLFormElement): Record<string, string> =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));

/** Search and filters of a list: a GET form whose fields apply by themselves where there is JavaScript. */
export function ListForm({ base, label, values, search, children }: Props) {
  const router = useRouter();
  const [isPending, start] = useTransition();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef<number>(undefined);
  const shown = listHref(base, values);
  const sent = useRef(shown);

  // A link that changes the address changes the fields; what is typed meanwhile stays.
  useEffect(() => {
    if (form.current && shown !== sent.current) fill(form.current, values);
    sent.current = shown;
  }, [shown, values]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const apply = (isTyped: boolean) => {
    window.clearTimeout(timer.current);
    if (!form.current) return;
    const address = listHref(base, textsOf(form.current));
    if (address === sent.current) return;
    sent.current = address;
    // Letters of one word are one step back, not many.
    start(() => (isTyped ? router.replace : router.push)(address, { scroll: false }));
  };
  const onChange = ({ target }: ChangeEvent<HTMLFormElement> | FormEvent<HTMLFormElement>) => {
    const field = target as HTMLInputElement;
    if (!field.name || !field.checkValidity()) return;
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => apply(field.type === "search"), waits[field.type] ?? 0);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    apply(false);
  };
  return (
    <search aria-label={label}>
      <form
        ref={form}
        action={base}
        onChange={onChange}
        onSubmit={onSubmit}
        className="flex flex-wrap items-center gap-2"
      >
        {search ? <SearchBox label={search} value={values.q} isPending={isPending} /> : null}
        {children}
        <noscript>
          <button type="submit" className="h-8 rounded-control border border-line bg-surface px-3 text-ui font-medium">
            Apply
          </button>
        </noscript>
      </form>
    </search>
  );
}

function fill(form: HTMLFormElement, values: Props["values"]): void {
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = values[field.name] ?? "";
  }
}

type SearchProps = { label: string; value: string | undefined; isPending: boolean };

const SearchBox = ({ label, value, isPending }: SearchProps) => (
  <span className="relative block w-72 max-sm:w-full">
    <span className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-text-faint">
      {isPending ? <Spinner /> : <Search aria-hidden="true" className="size-3.5" />}
    </span>
    <input
      type="search"
      name="q"
      aria-label={label}
      placeholder={label}
      autoComplete="off"
      spellCheck={false}
      data-shortcut="filter"
      aria-keyshortcuts="/"
      maxLength={100}
      defaultValue={value ?? ""}
      className="h-8 w-full rounded-control border border-control bg-surface pr-2.5 pl-8 text-ui text-text focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
    />
  </span>
);
