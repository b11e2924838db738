import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows above and below the visible ones, so that fast scrolling shows no gap. */
const MARGIN = 12;

/** Which rows of a scrolling element can be seen; `ref` is for that element. */
export function useWindow(total: number, rowPx: number) {
  const ref = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ first: 0, count: 40 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const look = () => {
      const first = Math.max(0, Math.floor(element.scrollTop / rowPx) - MARGIN);
      const count = Math.ceil(element.clientHeight / rowPx) + 2 * MARGIN;
      setRange((before) => (before.first === first && before.count === count ? before : { first, count }));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [rowPx]);
  const first = Math.min(range.first, Math.max(0, total - range.count));
  return { ref, first, count: range.count };
}
