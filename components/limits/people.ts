const shown = 3;

/** "Ilse Brandt, Tomás Rey or Aino Salmi"; of more than a few, the first. */
export function peopleWords(names: readonly string[]): string {
  if (names.length === 0) return "Nobody";
  const rest = names.length - shown;
  const all = rest > 0 ? [...names.slice(0, shown), rest === 1 ? "1 other" : `${rest} others`] : names;
  return all.length === 1 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} or ${all.at(-1)}`;
}
