/** What a model thought before it answered, for those who want to know. */
export function Thinking({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <details className="text-ui">
      <summary className="w-fit rounded-small text-text-soft">Thinking</summary>
      <p className="max-w-[68ch] border-l-2 border-line pt-1 pl-3 whitespace-pre-wrap break-words text-text-soft">
        {text}
      </p>
    </details>
  );
}
