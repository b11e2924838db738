import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

/** Whether the page hears of changes: `lost` after the command has ended. */
interface Live {
  readonly revision: number;
  readonly isLost: boolean;
}

const Context = createContext<Live>({ revision: 0, isLost: false });

/** Follows the changes of the objects, for all pages. */
export function LiveUpdates({ children }: { readonly children: ComponentChildren }) {
  const [live, setLive] = useState<Live>({ revision: 0, isLost: false });
  useEffect(() => {
    const events = new EventSource("/api/events");
    events.onmessage = ({ data }) => setLive({ revision: Number(data), isLost: false });
    events.onerror = () => setLive(({ revision }) => ({ revision, isLost: true }));
    return () => events.close();
  }, []);
  return <Context.Provider value={live}>{children}</Context.Provider>;
}

/** Whether the server can be reached, and the number of the last change. */
export function useLive(): Live {
  return useContext(Context);
}

/** Data of the server: undefined until it is there, and the last one while newer data is loaded. */
export interface Loaded<T> {
  readonly data: T | undefined;
  /** Why the last attempt failed; in English. */
  readonly error: string | undefined;
}

/** Loads data when the page opens, and again when objects have changed, or every `everyMs`. */
export function useData<T>(path: string, everyMs?: number): Loaded<T> {
  const { revision } = useLive();
  const [loaded, setLoaded] = useState<Loaded<T> & { readonly path: string }>({ path, ...NOTHING });
  const [tick, setTick] = useState(0);
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => setTick((before) => before + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  // A new revision, or a tick, is a reason to load again.
  useEffect(() => {
    const stop = new AbortController();
    getJson<T>(path, stop.signal).then(
      (data) => setLoaded({ path, data, error: undefined }),
      (error: unknown) => {
        if (!stop.signal.aborted) setLoaded((before) => ({ ...before, error: messageOf(error) }));
      },
    );
    return () => stop.abort();
  }, [path, revision, tick]);
  return loaded.path === path ? loaded : NOTHING;
}

const NOTHING = { data: undefined, error: undefined };

async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(path, { signal });
  if (!response.ok) throw new Error((await response.text()).slice(0, 500));
  return await response.json();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Sends data to the server, and returns its answer. Throws with the server's reason. */
export async function postJson<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return await response.json();
  const text = await response.text();
  throw new Error(errorIn(text) ?? text.slice(0, 500));
}

function errorIn(text: string): string | undefined {
  try {
    const { error }: { readonly error?: unknown } = JSON.parse(text);
    return typeof error === "string" ? error : undefined;
  } catch {
    return undefined;
  }
}
