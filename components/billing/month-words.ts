const format = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

/** "November 2026", from any day of it. */
export const monthWords = (day: string): string => format.format(new Date(`${day.slice(0, 7)}-01T00:00:00Z`));
