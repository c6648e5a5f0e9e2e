import { useEffect, useState } from "react";

const boxes = (list: string) => [...document.querySelectorAll<HTMLInputElement>(`input[data-tick="${list}"]`)];
const ticked = (list: string) => boxes(list).flatMap(({ checked, value }) => (checked ? [value] : []));
const heading = (list: string) => document.querySelector<HTMLInputElement>(`input[data-tick-all="${list}"]`);

const tickEach = (list: string, isTicked: boolean) => {
  for (const box of boxes(list)) box.checked = isTicked;
};

/** The heading's box says whether all, some or none are ticked. */
function showAll(list: string): void {
  const all = heading(list);
  const [count, most] = [ticked(list).length, boxes(list).length];
  if (!all) return;
  all.checked = count > 0 && count === most;
  all.indeterminate = count > 0 && count < most;
}

/** The ids of the rows that are ticked in a list. `rows` says when the list has other rows. */
export function useTicks(list: string, rows: unknown): { ids: readonly string[]; clear: () => void } {
  const [ids, setIds] = useState<readonly string[]>([]);
  useEffect(() => {
    void rows;
    const read = () => {
      setIds(ticked(list));
      showAll(list);
    };
    const onChange = ({ target }: Event) => {
      if (!(target instanceof HTMLInputElement)) return;
      const { tick, tickAll } = target.dataset;
      if (tickAll === list) tickEach(list, target.checked);
      if (tickAll === list || tick === list) read();
    };
    read();
    document.addEventListener("change", onChange);
    return () => document.removeEventListener("change", onChange);
  }, [list, rows]);
  const clear = () => {
    tickEach(list, false);
    showAll(list);
    setIds([]);
  };
  return { ids, clear };
}
