import { useMemo, useState } from "preact/hooks";
import { OBJECT_STATES, type ObjectState } from "../../../src/console/view/state.ts";
import { useText } from "../settings.tsx";

/** A filter over rows: their text holds every word of the field, and they have the state that is chosen. */
export function useFilter<T extends object>(rows: readonly T[], textOf: (row: T) => string) {
  const [words, setWords] = useState("");
  const [state, setState] = useState<ObjectState | "">("");
  const texts = useMemo(() => rows.map((row) => textOf(row).toLowerCase()), [rows, textOf]);
  const shown = useMemo(() => {
    const wanted = words
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    if (wanted.length === 0 && state === "") return rows;
    return rows.filter(
      (row, position) =>
        (state === "" || (row as { readonly state?: ObjectState }).state === state) &&
        wanted.every((word) => texts[position]?.includes(word)),
    );
  }, [rows, texts, words, state]);
  return { shown, words, setWords, state, setState };
}

interface FilterProps {
  /** Without states there is no choice of one. */
  readonly hasStates?: boolean;
  readonly filter: Pick<ReturnType<typeof useFilter>, "words" | "setWords" | "state" | "setState">;
  readonly shown: number;
  readonly all: number;
  /** What the words are looked for in. */
  readonly hint: string;
}

/** The fields of a filter, and how many rows it leaves. */
export function Filter({ filter, shown, all, hint, hasStates = true }: FilterProps) {
  const t = useText();
  const { words, setWords, state, setState } = filter;
  return (
    <search class="filter">
      <label>
        <span>{t("table.filter")}</span>
        <input
          type="search"
          value={words}
          placeholder={hint}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      {hasStates && (
        <label>
          <span>{t("filter.state")}</span>
          <select value={state} onChange={(event) => setState(event.currentTarget.value as ObjectState | "")}>
            <option value="">{t("filter.all")}</option>
            {OBJECT_STATES.map((one) => (
              <option key={one} value={one}>
                {t(`state.${one}`)}
              </option>
            ))}
          </select>
        </label>
      )}
      <output aria-live="polite">{t("table.shown", { shown, all })}</output>
    </search>
  );
}
