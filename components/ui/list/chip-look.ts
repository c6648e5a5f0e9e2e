import { classes } from "#components/ui/classes.ts";

/** A pill that holds a filter; one that is set stands out by line and weight, not by colour alone. */
export const chipLook = (isSet: boolean): string =>
  classes(
    "h-8 rounded-full border text-ui transition-colors duration-150 outline-offset-0",
    isSet
      ? "border-accent bg-accent-soft font-medium text-text"
      : "border-line bg-surface text-text-soft hover:text-text",
  );
