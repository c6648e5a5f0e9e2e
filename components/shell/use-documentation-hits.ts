import { useEffect, useState } from "react";

type Hit = { href: string; title: string; heading: string };

const pauseMs = 200;
const shortest = 2;

/** The first things that the documentation has about some words, once typing pauses; none where it cannot be asked. */
export function useDocumentationHits(words: string): readonly Hit[] {
  const [found, setFound] = useState<{ words: string; hits: readonly Hit[] }>({ words: "", hits: [] });
  useEffect(() => {
    if (words.length < shortest) return;
    const asking = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const answer = await fetch(`/docs/search.json?q=${encodeURIComponent(words)}`, { signal: asking.signal });
        if (answer.ok) setFound({ words, hits: (await answer.json()) as Hit[] });
      } catch {
        // Offline, or more was typed: the entry that leads to the search stays.
      }
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [words]);
  return found.words === words ? found.hits : [];
}
