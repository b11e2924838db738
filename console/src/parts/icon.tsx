/** Line drawings of 24 by 24 units, in the colour of the text. */
const PATHS = {
  brand: "M4 13.5 9 18.5 20 6.5M4 20.5h16",
  overview: "M4 4h7v7H4zM13 4h7v4h-7zM13 10h7v10h-7zM4 13h7v7H4z",
  application: "M7 3h10a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM10 18h4",
  api: "M8 6 3 12l5 6M16 6l5 6-5 6M13.5 4l-3 16",
  grant: "M12 3l7 3v5c0 5-3 8.500-7 10-4-1.500-7-5-7-10V6zM9 12l2.200 2.200L15.500 10",
  domain: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  access: "M9 11a3.500 3.500 0 1 0 0-7a3.500 3.500 0 0 0 0 7M3 20c0-4 2.500-6 6-6s6 2 6 6M16 11l2 2 4-4",
  explain: "M10.500 4a6.500 6.500 0 1 0 0 13a6.500 6.500 0 0 0 0-13M15.500 15.500 21 21M8 10.500h5",
  copy: "M9 9h10v11H9zM5 15V4h10",
  ready: "M5 12.5 10 17.5 19 7.5",
  off: "M8 12h8",
  notReady: "M12 6v7M12 17v.5",
  waiting: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 7v5l3.5 2",
  deleting: "M7 7l10 10M17 7 7 17",
  up: "M6 14l6-6 6 6",
  down: "M6 10l6 6 6-6",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon beside a text that says the same, so it is hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
