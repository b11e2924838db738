import type { ComponentChildren } from "preact";
import type { MetaView } from "../../src/console/server/apiRoutes.ts";
import { Icon, type IconName } from "./parts/icon.tsx";
import { Link, usePath } from "./router.tsx";
import { type Language, type Theme, useSettings, useText } from "./settings.tsx";
import type { TextId } from "./text/en.ts";

const NAVIGATION: readonly (readonly [path: string, text: TextId, icon: IconName])[] = [
  ["/", "nav.overview", "overview"],
  ["/applications", "nav.applications", "application"],
  ["/apis", "nav.apis", "api"],
  ["/grants", "nav.grants", "grant"],
  ["/domains", "nav.domains", "domain"],
  ["/access", "nav.access", "access"],
  ["/denials", "nav.denials", "denials"],
  ["/explain", "nav.explain", "explain"],
];

/** Navigation and settings around a page. */
export function Shell({
  meta,
  children,
}: {
  readonly meta: MetaView | undefined;
  readonly children: ComponentChildren;
}) {
  const t = useText();
  return (
    <>
      <a class="skip" href="#main">
        {t("shell.skip")}
      </a>
      <header class="side">
        <div class="brand">
          <Icon name="brand" />
          <span>Countersign</span>
        </div>
        <Source meta={meta} />
        <Navigation />
        <Choices />
        <p class="version">{meta?.version}</p>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function Source({ meta }: { readonly meta: MetaView | undefined }) {
  const t = useText();
  if (!meta) return <div class="source" />;
  const { mode, name, namespace } = meta.about;
  return (
    <div class="source">
      <span class="quiet">{t(`source.${mode}`)}</span>
      <strong title={name}>
        <bdi>{name}</bdi>
      </strong>
      {namespace !== undefined && <span class="quiet">{t("source.namespace", { namespace })}</span>}
    </div>
  );
}

function Navigation() {
  const t = useText();
  const path = usePath();
  const isCurrent = (to: string) => (to === "/" ? path === "/" : path === to || path.startsWith(`${to}/`));
  return (
    <nav aria-label={t("shell.navigation")}>
      {NAVIGATION.map(([to, text, icon]) => (
        <Link key={to} to={to} current={isCurrent(to)}>
          <Icon name={icon} />
          {t(text)}
        </Link>
      ))}
    </nav>
  );
}

function Choices() {
  const { t, language, setLanguage, theme, setTheme } = useSettings();
  return (
    <div class="choices">
      <label>
        <span class="quiet">{t("shell.language")}</span>
        <select value={language} onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
          <option value="en" lang="en">
            {t("language.en")}
          </option>
          <option value="zh-CN" lang="zh-CN">
            {t("language.zh")}
          </option>
        </select>
      </label>
      <label>
        <span class="quiet">{t("shell.theme")}</span>
        <select value={theme} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
          <option value="system">{t("theme.system")}</option>
          <option value="light">{t("theme.light")}</option>
          <option value="dark">{t("theme.dark")}</option>
        </select>
      </label>
    </div>
  );
}
