import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Decisions } from "../decisions.ts";
import { useSettings } from "../settings.tsx";

const HEIGHT = 220;
/** Codes beyond these share a line. */
const LINES = 5;

/** Decisions per second by code, as a live plot. The table under it has the same figures for screen readers. */
export function DecisionPlot({ decisions }: { readonly decisions: Decisions }) {
  const { t, theme } = useSettings();
  const place = useRef<HTMLDivElement>(null);
  const codes = codesIn(decisions);
  const data = dataOf(decisions, codes);
  const plot = useRef<uPlot | undefined>(undefined);
  const key = `${codes.join()} ${theme}`;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(optionsFor(element, codes), data, element);
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

function optionsFor(element: HTMLElement, codes: readonly string[]): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
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
    scales: { y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [axis, axis],
    series: [
      {},
      ...codes.map((label, position) => ({ label, stroke: color(`--line-${position}`), width: 2 })),
    ],
  };
}
