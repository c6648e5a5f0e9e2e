export const mostSeries = 5;

const fills = ["fill-series-1", "fill-series-2", "fill-series-3", "fill-series-4", "fill-series-5"] as const;
const swatches = ["bg-series-1", "bg-series-2", "bg-series-3", "bg-series-4", "bg-series-5"] as const;

/** What comes after the fifth series is "Other". */
export const seriesFill = (index: number): string => fills[index] ?? "fill-series-other";
export const seriesSwatch = (index: number): string => swatches[index] ?? "bg-series-other";

const strokes = [
  "stroke-series-1",
  "stroke-series-2",
  "stroke-series-3",
  "stroke-series-4",
  "stroke-series-5",
] as const;
export const seriesStroke = (index: number): string => strokes[index] ?? "stroke-series-other";
