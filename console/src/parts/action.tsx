import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Action } from "../../../src/console/actions/action.ts";
import type { PlanView } from "../../../src/console/actions/plan.ts";
import type { WriteResult } from "../../../src/console/actions/write.ts";
import type { MetaView } from "../../../src/console/server/apiRoutes.ts";
import { postJson, useData } from "../api.tsx";
import { useText } from "../settings.tsx";
import type { TextId } from "../text/en.ts";
import { Changes } from "./changes.tsx";
import { Copy } from "./copy.tsx";
import { Notice } from "./notice.tsx";

interface ButtonProps {
  readonly label: string;
  /** What the action does, in a sentence. */
  readonly explanation: string;
  /** The action; undefined until the fields are filled. */
  readonly action: Action | undefined;
  readonly isPlain?: boolean;
  /** Fields to fill. */
  readonly children?: ComponentChildren;
}

/** An action as it was when its button was pressed. */
type Opened = Pick<ButtonProps, "label" | "explanation" | "action">;

const OpenAction = createContext<(opened: Opened) => void>(() => {
  throw new Error("an ActionButton without fields belongs in Actions");
});

/**
 * Shows the dialogs of actions without fields beside the page, not in it: an action may change or remove the very part of the page
 * that its button is in, and the viewer still reads whether it was applied.
 */
export function Actions({ children }: { readonly children: ComponentChildren }) {
  const [opened, setOpened] = useState<Opened>();
  return (
    <OpenAction.Provider value={setOpened}>
      {children}
      {opened && <ActionDialog {...opened} close={() => setOpened(undefined)} />}
    </OpenAction.Provider>
  );
}

/** A button for an action. It opens what the action would change; nothing happens before the viewer confirms that. */
export function ActionButton({ label, explanation, action, isPlain = true, children }: ButtonProps) {
  const openAction = useContext(OpenAction);
  const [isOpen, setOpen] = useState(false);
  const open = () => (children === undefined ? openAction({ label, explanation, action }) : setOpen(true));
  return (
    <>
      <button type="button" class={isPlain ? "button plain" : "button"} onClick={open}>
        {label}
      </button>
      {isOpen && (
        <ActionDialog label={label} explanation={explanation} action={action} close={() => setOpen(false)}>
          {children}
        </ActionDialog>
      )}
    </>
  );
}

interface DialogProps extends Omit<ButtonProps, "isPlain"> {
  readonly close: () => void;
}

function ActionDialog({ label, explanation, action, close, children }: DialogProps) {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={close} aria-label={label}>
      <div class="title">
        <h2>{label}</h2>
        <button type="button" class="button plain end" onClick={() => dialog.current?.close()}>
          {t("action.close")}
        </button>
      </div>
      <p>{explanation}</p>
      {children !== undefined && <div class="form">{children}</div>}
      {action && <Plan key={JSON.stringify(action)} action={action} />}
    </dialog>
  );
}

/** Plans once: what the viewer has seen is what is applied, or nothing is. */
function Plan({ action: given }: { readonly action: Action }) {
  const t = useText();
  const [action] = useState(given);
  const [plan, setPlan] = useState<PlanView | string>();
  useEffect(() => {
    let isGone = false;
    const show = (shown: PlanView | string) => {
      if (!isGone) setPlan(shown);
    };
    postJson<PlanView>("/api/plan", { action }).then(show, (error: Error) => show(error.message));
    return () => {
      isGone = true;
    };
  }, [action]);
  if (plan === undefined) return <p class="quiet">{t("page.loading")}</p>;
  if (typeof plan === "string") return <Notice kind="error">{refusalText(plan, t)}</Notice>;
  return <Planned action={action} plan={plan} />;
}

const REFUSALS: Readonly<Record<string, TextId>> = {
  missing: "refusal.missing",
  exists: "refusal.exists",
  imported: "refusal.imported",
  noActiveKey: "refusal.noActiveKey",
  noSuchEntry: "refusal.noSuchEntry",
  sameEntry: "refusal.sameEntry",
  lastEntry: "refusal.lastEntry",
  changed: "refusal.changed",
};

function refusalText(reason: string, t: ReturnType<typeof useText>): string {
  const id = REFUSALS[reason];
  return id ? t(id) : reason;
}

function Planned({ action, plan }: { readonly action: Action; readonly plan: PlanView }) {
  const t = useText();
  const { data: meta } = useData<MetaView>("/api/meta");
  const download = `data:application/yaml;charset=utf-8,${encodeURIComponent(plan.yaml)}`;
  return (
    <>
      {plan.problems.map(({ field, message }) => (
        <Notice key={`${field} ${message}`} kind="error">
          <code>{field}</code> {message}
        </Notice>
      ))}
      <h3>{t("action.access")}</h3>
      {plan.changes === undefined ? (
        <p class="quiet">{t(plan.problems.length > 0 ? "action.invalid" : "access.unknown")}</p>
      ) : (
        <Changes changes={plan.changes} none={t("action.noChange")} />
      )}
      <h3>{t("object.yaml")}</h3>
      <div class="code">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, by keyboard too. */}
        <pre tabIndex={0}>{plan.yaml}</pre>
        <Copy text={plan.yaml} what={t("action.yaml")} />
      </div>
      <div class="form">
        <a class="button plain" href={download} download={plan.file}>
          {t("action.download")}
        </a>
        {meta?.canApply === true && plan.problems.length === 0 && <Apply action={action} plan={plan} />}
      </div>
      {meta?.canApply === false && <p class="quiet">{t("action.noCluster")}</p>}
    </>
  );
}

/** The dry run comes first: without its success there is no button to apply. */
function Apply({ action, plan }: { readonly action: Action; readonly plan: PlanView }) {
  const t = useText();
  const [state, setState] = useState<"new" | "tried" | "applied" | { readonly problem: string }>("new");
  const send = async (isDryRun: boolean) => {
    const asked = { action, generation: plan.generation, isDryRun };
    try {
      const result = await postJson<WriteResult>("/api/apply", asked);
      if (result.ok) setState(isDryRun ? "tried" : "applied");
      else setState({ problem: `${t(`write.${result.reason}`)} ${result.message}` });
    } catch (error) {
      setState({ problem: refusalText(error instanceof Error ? error.message : "", t) });
    }
  };
  return (
    <>
      {state !== "tried" && state !== "applied" && (
        <button type="button" class="button" onClick={() => void send(true)}>
          {t("action.dryRun")}
        </button>
      )}
      {state === "tried" && (
        <>
          <span class="dot dot-ready">{t("action.tried")}</span>
          <button type="button" class="button" onClick={() => void send(false)}>
            {t("action.apply")}
          </button>
        </>
      )}
      {state === "applied" && (
        <span class="dot dot-ready" role="status">
          {t("action.applied")}
        </span>
      )}
      {typeof state === "object" && <Notice kind="error">{state.problem}</Notice>}
    </>
  );
}
