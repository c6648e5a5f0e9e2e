const look = "size-4 accent-accent";

/** The heading that ticks every row of the page. */
export const TickAll = ({ list }: { list: string }) => (
  <input type="checkbox" data-tick-all={list} aria-label="Select all rows of this page" className={`${look} block`} />
);

type Props = {
  list: string;
  id: string;
  name: string;
  /** A row that nothing can be done with keeps its place. */
  off?: boolean;
};

/** The box that ticks a row; the list's bulk bar finds it by the list's name. Stacked, it stands beside the row's name. */
export const TickCell = ({ list, id, name, off = false }: Props) => (
  <td className="h-(--row) w-4 pl-4 max-sm:absolute max-sm:top-3 max-sm:right-4 max-sm:h-auto max-sm:p-0">
    {off ? null : (
      <input type="checkbox" data-tick={list} value={id} aria-label={`Select ${name}`} className={`${look} block`} />
    )}
  </td>
);
