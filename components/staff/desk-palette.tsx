"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Palette, PaletteEntry, PaletteGroup } from "#components/shell/palette.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import type { Desks } from "./desks.ts";

type Choice = { value: string; label: string };

const debounceMs = 150;

/** Customers whose name or id has these letters; none before two of them are typed. */
function useCustomers(text: string): readonly Choice[] {
  const [found, setFound] = useState<readonly Choice[]>([]);
  useEffect(() => {
    if (text.trim().length < 2) return setFound([]);
    const leaving = new AbortController();
    const later = setTimeout(() => {
      fetch(`/staff/customers/choices?q=${encodeURIComponent(text.trim())}`, { signal: leaving.signal })
        .then((answer) => (answer.ok ? (answer.json() as Promise<Choice[]>) : []))
        .then((choices) => setFound(choices.slice(0, 8)))
        .catch(() => undefined);
    }, debounceMs);
    return () => {
      clearTimeout(later);
      leaving.abort();
    };
  }, [text]);
  return found;
}

const isTicketNumber = (text: string): boolean => /^t-?\d{3,9}$/i.test(text.trim());

type Props = { desks: Desks; maySeeCustomers: boolean };

/** Ctrl K at the desks: goes to one, finds a customer by name, a ticket by its number. */
export function DeskPalette({ desks, maySeeCustomers }: Props) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        aria-keyshortcuts="Control+K Meta+K"
        className="flex items-center gap-2 rounded-control px-1.5 py-1 text-ui text-text-soft hover:text-text"
      >
        <span className="max-sm:sr-only">Search or jump to</span>
        <span className="sm:hidden">Search</span>
        <span className="max-sm:hidden pointer-coarse:hidden">
          <Kbd>Ctrl K</Kbd>
        </span>
      </button>
      {isOpen ? <Entries desks={desks} maySeeCustomers={maySeeCustomers} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Entries({ desks, maySeeCustomers, onClose }: Props & { onClose: () => void }) {
  const router = useRouter();
  const [text, setText] = useState("");
  const customers = useCustomers(maySeeCustomers ? text : "");
  const go = (href: string) => () => {
    onClose();
    router.push(href);
  };
  return (
    <Palette placeholder="A desk, a customer, or T-10001" onClose={onClose} onSearch={setText}>
      {isTicketNumber(text) ? (
        <PaletteGroup heading="Tickets">
          <PaletteEntry value={text} onSelect={go(`/staff?q=${encodeURIComponent(text.trim())}`)}>
            Ticket {text.trim().toUpperCase()}
          </PaletteEntry>
        </PaletteGroup>
      ) : null}
      {customers.length > 0 ? (
        <PaletteGroup heading="Customers">
          {customers.map(({ value, label }) => (
            <PaletteEntry key={value} value={`${label} ${value}`} onSelect={go(`/staff/customers/${value}`)}>
              {label}
            </PaletteEntry>
          ))}
        </PaletteGroup>
      ) : null}
      <PaletteGroup heading="Desks">
        {desks
          .flatMap(({ links }) => links)
          .map(({ href, label }) => (
            <PaletteEntry key={href} onSelect={go(href)}>
              {label}
            </PaletteEntry>
          ))}
      </PaletteGroup>
    </Palette>
  );
}
