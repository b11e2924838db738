import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Decisions } from "../decisions.ts";
import { useSettings } from "../settings.tsx";

const HEIGHT = 220;
/** The plot shows this time at least, in seconds, also after the first look. */
const LEAST_SECONDS = 60;
/** Codes beyond these share a line. */
const LINES = 5;

/** Decisions per second by code, as a live plot. The table under it has the same figures for screen readers. */
export function DecisionPlot({ decisions }: { readonly decisions: Decisions }) {
  const { t, theme, language } = useSettings();
  const place = useRef<HTMLDivElement>(null);
  const codes = codesIn(decisions);
  const data = dataOf(decisions, codes);
  const plot = useRef<uPlot | undefined>(undefined);
  const key = `${codes.join()} ${theme} ${language}`;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(optionsFor(element, codes, language), data, element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
    };
    // A plot is made again for other lines or colours, not for other data.
  }, [key]);
  useEffect(() => plot.current?.setData(data));
  return (
    <figure class="plot" aria-label={t("decisions.title")}>
      <div ref={place} />
      <figcaption>
        {codes.map((code, position) => (
          <span key={code} class={`line line-${position}`}>
            {`${code} ${perSecond(decisions, code)}`}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** The last rate of a code, as a text. */
function perSecond({ rates }: Decisions, code: string): string {
  return `${(rates.at(-1)?.perSecond.get(code) ?? 0).toFixed(1)}/s`;
}

function codesIn({ counts }: Decisions): readonly string[] {
  const denials = [...counts].filter(([code]) => code !== "Allowed").sort(([, a], [, b]) => b - a);
  return ["Allowed", ...denials.slice(0, LINES).map(([code]) => code)];
}

function dataOf({ rates }: Decisions, codes: readonly string[]): uPlot.AlignedData {
  const lines = codes.map((code) => rates.map(({ perSecond: found }) => found.get(code) ?? 0));
  return [rates.map(({ at }) => at), ...lines];
}

/** From the data, since uPlot gives a single look a range of years. Without data there is no time to show. */
function timeRange({ data }: uPlot): uPlot.Range.MinMax {
  const [first, last] = [data[0]?.at(0), data[0]?.at(-1)];
  if (first === undefined || last === undefined) return [null, null];
  return [Math.min(first, last - LEAST_SECONDS), last];
}

function optionsFor(element: HTMLElement, codes: readonly string[], language: string): uPlot.Options {
  const style = getComputedStyle(element);
  // A property is the text of light-dark() itself; as a colour of an element it is the one in use.
  const color = (name: string) => {
    element.style.color = `var(${name})`;
    return style.color;
  };
  const time = new Intl.DateTimeFormat(language, { timeStyle: "medium", hourCycle: "h23" });
  const axis = {
    stroke: color("--quiet"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { stroke: color("--line"), width: 1 },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: timeRange },
      y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
    },
    axes: [
      { ...axis, space: 90, values: (_, seconds) => seconds.map((at) => time.format(1_000 * at)) },
      axis,
    ],
    series: [
      {},
      ...codes.map((label, position) => ({ label, stroke: color(`--line-${position}`), width: 2 })),
    ],
  };
}
