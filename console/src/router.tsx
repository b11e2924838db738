import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

/** The path of the page that is shown, which the address bar has. */
export function usePath(): string {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const changed = () => setPath(location.pathname);
    addEventListener("popstate", changed);
    return () => removeEventListener("popstate", changed);
  }, []);
  return path;
}

/** Shows another page. */
function go(path: string): void {
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
  document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

interface LinkProps {
  readonly to: string;
  readonly class?: string;
  readonly current?: boolean;
  readonly children: ComponentChildren;
}

/** A link to another page of the console. With a modifier key it behaves as every link. */
export function Link({ to, current = false, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} onClick={follow} class={rest.class} aria-current={current ? "page" : undefined}>
      {children}
    </a>
  );
}

/** The path of an object's page. */
export function objectPath(kind: string, namespace: string, name: string): string {
  const parts = namespace === "" ? [name] : [namespace, name];
  return `${PAGES[kind] ?? "/"}/${parts.map(encodeURIComponent).join("/")}`;
}

const PAGES: Readonly<Record<string, string>> = {
  Application: "/applications",
  ApiGrant: "/grants",
  ApiDomain: "/domains",
};
