const [width, height, margin] = [72, 20, 2];

/** A small line without axes. Its words say the same to those who cannot see it. */
export function Sparkline({ values, words }: { values: readonly number[]; words: string }) {
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map((value, at) => {
    const x = margin + ((width - 2 * margin) * at) / (values.length - 1);
    const y = margin + (height - 2 * margin) * (high > low ? (high - value) / (high - low) : 0.5);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <>
      <svg aria-hidden="true" width={width} height={height} className="inline-block align-middle">
        <polyline
          points={points.join(" ")}
          fill="none"
          className="stroke-series-1"
          strokeWidth="1.5"
          strokeLinejoin="round"
        />
      </svg>
      <span className="sr-only">{words}</span>
    </>
  );
}
