import { classes } from "./classes.ts";

export type ButtonLook = {
  /** One primary on a page; secondary beside it; quiet inside rows and strips. */
  emphasis?: "primary" | "secondary" | "quiet";
  tone?: "normal" | "bad";
  size?: "small" | "normal" | "large";
  stretch?: boolean;
};

const sizes = {
  small: "h-7 gap-1.5 px-2 text-meta",
  normal: "h-8 gap-2 px-3 text-ui",
  large: "h-10 gap-2 px-4 text-body",
} as const;

const looks = {
  normal: {
    primary: "border-transparent bg-accent text-on-accent hover:bg-accent-strong",
    secondary: "border-line bg-surface text-text hover:bg-sunken",
    quiet: "border-transparent text-text-soft hover:bg-sunken hover:text-text",
  },
  bad: {
    primary: "border-transparent bg-bad text-on-bad hover:bg-bad-strong",
    secondary: "border-line bg-surface text-bad hover:bg-bad-soft",
    quiet: "border-transparent text-bad hover:bg-bad-soft",
  },
} as const;

export const buttonLook = ({ emphasis = "secondary", tone = "normal", size = "normal", stretch }: ButtonLook): string =>
  classes(
    "inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-control border font-medium transition-colors duration-150",
    "disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-70",
    sizes[size],
    looks[tone][emphasis],
    stretch && "w-full",
  );
