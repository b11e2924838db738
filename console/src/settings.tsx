import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import { EN, type TextId } from "./text/en.ts";
import { ZH_CN } from "./text/zhCn.ts";

/** The languages of the console, by their tag. */
const CATALOGUES = { en: EN, "zh-CN": ZH_CN } as const;
export type Language = keyof typeof CATALOGUES;
export type Theme = "system" | "light" | "dark";

/** Returns the text of an id, with `{name}` replaced by the value of that name. */
export type Translate = (id: TextId, values?: Readonly<Record<string, string | number>>) => string;

interface Chosen {
  readonly language: Language;
  readonly theme: Theme;
  readonly setLanguage: (language: Language) => void;
  readonly setTheme: (theme: Theme) => void;
  readonly t: Translate;
}

const Context = createContext<Chosen | undefined>(undefined);

/** Language and theme: as the browser prefers them, until the viewer chooses others. */
export function Settings({ children }: { readonly children: ComponentChildren }) {
  const [language, setLanguage] = useStored<Language>("language", preferredLanguage(), isLanguage);
  const [theme, setTheme] = useStored<Theme>("theme", "system", isTheme);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset.theme = theme;
  }, [language, theme]);
  const chosen = useMemo(
    () => ({ language, theme, setLanguage, setTheme, t: translator(language) }),
    [language, theme, setLanguage, setTheme],
  );
  return <Context.Provider value={chosen}>{children}</Context.Provider>;
}

/** Language and theme, and how to change them. */
export function useSettings(): Chosen {
  const chosen = useContext(Context);
  if (!chosen) throw new TypeError("Settings is not above this component");
  return chosen;
}

/** The texts in the viewer's language. */
export function useText(): Translate {
  return useSettings().t;
}

function translator(language: Language): Translate {
  const texts = CATALOGUES[language];
  return (id, values = {}) =>
    texts[id].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

function preferredLanguage(): Language {
  const first = navigator.languages.find((one) => /^(?:zh|en)\b/i.test(one)) ?? "en";
  return first.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

function isLanguage(text: string | null): text is Language {
  return text !== null && Object.hasOwn(CATALOGUES, text);
}

function isTheme(text: string | null): text is Theme {
  return text === "system" || text === "light" || text === "dark";
}

/** A value that survives a reload. A browser that keeps nothing has the initial one. */
function useStored<T extends string>(
  name: string,
  initial: T,
  isValid: (text: string | null) => text is T,
): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    const stored = localStorage.getItem(`countersign-${name}`);
    return isValid(stored) ? stored : initial;
  });
  const store = useMemo(
    () => (next: T) => {
      localStorage.setItem(`countersign-${name}`, next);
      setValue(next);
    },
    [name],
  );
  return [value, store];
}
