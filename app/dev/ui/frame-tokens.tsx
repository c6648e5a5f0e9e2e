"use client";

import { useEffect } from "react";

/** Rules of all depths: the theme lies in a layer. */
const rulesOf = (rules: CSSRuleList): CSSRule[] =>
  [...rules].flatMap((rule) => [rule, ...("cssRules" in rule ? rulesOf(rule.cssRules as CSSRuleList) : [])]);

function rootTokens(): string {
  const roots = [...document.styleSheets]
    .flatMap((sheet) => rulesOf(sheet.cssRules))
    .filter((rule): rule is CSSStyleRule => rule instanceof CSSStyleRule && /:root(?![[:])/.test(rule.selectorText));
  return roots
    .flatMap(({ style }) => [...style].map((name) => `${name}: ${style.getPropertyValue(name)};`))
    .filter((line) => line.startsWith("--color-"))
    .join("\n");
}

/**
 * The colours choose between light and dark where they are declared, which is the root. Declared again on each frame,
 * they follow the scheme of that frame.
 */
export function FrameTokens() {
  useEffect(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`.specimen { ${rootTokens()} }`);
    document.adoptedStyleSheets.push(sheet);
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    };
  }, []);
  return null;
}
