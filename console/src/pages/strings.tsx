import { useState } from "preact/hooks";
import type { TriedString } from "../../../src/console/view/explain.ts";
import { Copy } from "../parts/copy.tsx";
import { useText } from "../settings.tsx";

/** The strings to sign that were tried, and the caller's own one compared with the first of them, character by character. */
export function Strings({
  tried,
  count,
}: {
  readonly tried: readonly TriedString[];
  readonly count: number;
}) {
  const t = useText();
  const [own, setOwn] = useState("");
  const [first] = tried;
  if (!first) return null;
  return (
    <section class="card">
      <h2>{t("strings.title")}</h2>
      {tried.map(({ variant, matches, text }) => (
        <div key={variant} class="tried">
          <span class={`dot dot-${matches ? "ready" : "notReady"}`}>
            {t(matches ? "strings.matches" : "strings.differs", { variant })}
          </span>
          <div class="code">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, by keyboard too. */}
            <pre tabIndex={0}>{text}</pre>
            <Copy text={text} what={variant} />
          </div>
        </div>
      ))}
      {count > tried.length && <p class="quiet">{t("strings.more", { count: count - tried.length })}</p>}
      <label class="stacked">
        <span>{t("strings.own")}</span>
        <textarea
          rows={4}
          spellcheck={false}
          value={own}
          onInput={(event) => setOwn(event.currentTarget.value)}
        />
      </label>
      {own !== "" && <Compared own={own} server={first.text} />}
    </section>
  );
}

/** Two strings under each other, with every character marked that differs. */
function Compared({ own, server }: { readonly own: string; readonly server: string }) {
  const t = useText();
  const isSame = own === server;
  const at = firstDifference(own, server);
  const before = own.slice(0, at).split("\n");
  const place = { line: before.length, character: (before.at(-1)?.length ?? 0) + 1 };
  return (
    <div class="compared">
      <p role="status">
        <strong>{isSame ? t("strings.same") : t("strings.from", place)}</strong>
      </p>
      <span class="quiet">{t("strings.yours")}</span>
      <Marked text={own} other={server} />
      <span class="quiet">{t("strings.servers")}</span>
      <Marked text={server} other={own} />
    </div>
  );
}

function Marked({ text, other }: { readonly text: string; readonly other: string }) {
  const others = [...other];
  return (
    <pre class="marked">
      {[...text].map((character, position) => {
        const shown = character === "\n" ? "⏎\n" : character === " " ? "·" : character;
        return character === others[position] ? shown : <mark key={position}>{shown}</mark>;
      })}
    </pre>
  );
}

function firstDifference(a: string, b: string): number {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return at;
  return a.length;
}
